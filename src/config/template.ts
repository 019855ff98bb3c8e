/** The phiscan.yaml that `phiscan init` writes. Lines that begin with `# ` are words; taking the `#` off any other gives a setting. */

/** `schema`: the path of the JSON Schema for editors, from the folder of the file; undefined where nothing is known of one. */
export function configTemplate(schema: string | undefined): string {
  const modeline = schema === undefined ? '' : `# yaml-language-server: $schema=${schema}\n`;
  return `${modeline}${TEMPLATE}`;
}

const TEMPLATE = `# The settings of phiscan in this folder. An option of the command line goes before a variable of the
# environment, and that before this file; \`phiscan config show\` tells what holds, and where it comes from.
# A setting without its # holds; what stands here are examples, and of single values the defaults.

# What fails a run: findings of this severity or worse. critical, high, medium, low, info or none.
#fail-on: medium

# Findings that are less likely than this are left out, 0 to 1.
#min-confidence: 0.5

# Exit 0, not 3, when something could not be read.
#allow-incomplete: false

# How bad findings are: by identifier, or by the id of a detector, which goes before its identifier. A
# published fake, or a file that a package brought, is never made worse.
#severities:
#  phone: info
#  patient-record: high

# Paths as the report shows them. * stays in one folder, ** goes over several, ! leads into an archive; a
# name without a slash is meant at any depth, and a folder with all that is in it.
#paths:
# phiscan files does not open these, and its report counts them.
#  exclude:
#    - node_modules
#    - '*.min.js'
# Findings here are listed and do not count, in images too.
#  accept:
#    - path: test/fixtures/**
#      reason: invented patients of the test suite
#    - path: opt/app.jar!demo/*.csv
#      reason: the demo of the vendor

# How far archives in archives are opened. What a bound leaves unread is a gap in the report.
#limits:
#  nested-depth: 8
#  nested-entries: 1000000
#  nested-bytes: 4GiB
#  nested-ratio: 250
#  nested-time: 60s
#  held-bytes: 48MiB
#  pdf-bytes: 32MiB

# Of an image with several platforms, only these.
#platforms:
#  - linux/amd64
#  - linux/arm64

# Where reports go when the command line does not say; - is standard output. File names are from the
# folder of this file.
#outputs:
#  - format: table
#    file: '-'
#  - format: json
#    file: phiscan-report.json

# Accepted findings, each with a reason, an owner and an end: phiscan baseline create makes the file.
#baseline: phiscan-baseline.yaml

# Detectors of your own, asked before the built-in ones: phiscan detectors test phiscan.yaml runs their
# examples. No real value belongs here.
#detectors:
#  - id: kelp-mrn
#    title: Kelp Valley medical record number
#    identifier: mrn
#    labels:
#      strong: [kelp chart]
#    shape: 'KV-[0-9]{8}'
#    severity: high
#    examples:
#      - 'Kelp chart: KV-00000000'
`;
