/** What `--help` prints below the options. */

export const exitHelp = `
Exit codes:
  0  clean: everything was read, nothing found at or above --fail-on
  1  findings at or above --fail-on
  2  wrong usage, or something named that cannot be opened
  3  incomplete: something could not be read (--allow-incomplete accepts it)`;

export const rootHelp: string = `
Examples:
  $ phiscan image app:1.4                    an image of the Docker daemon
  $ docker save app:1.4 | phiscan image -    the same, from a pipe
  $ phiscan files . --dockerignore           a build context, before the build
  $ phiscan containers                       what Docker keeps of containers
  $ phiscan ecs --region us-east-1           what ECS keeps in the account
  $ phiscan doctor                           what a sweep of ECR needs
${exitHelp}

Findings never hold the value that was found. phiscan COMMAND --help has more.`;

export const detectorsHelp: string = `
Examples:
  $ phiscan detectors list
  $ phiscan detectors explain mrn
  $ phiscan detectors test phiscan.yaml`;

export const imageHelp: string = `
References:
  docker-daemon:NAME    from the Docker daemon (DOCKER_HOST is honoured)
  docker-archive:FILE   what docker save writes
  oci-archive:FILE      an OCI layout in a tar file
  oci:DIR[:TAG]         an OCI layout in a folder
  registry:HOST/NAME[:TAG|@DIGEST]
                        from a registry, with the credentials of docker login
  ecr:NAME[:TAG|@DIGEST]
                        from ECR, with the credentials of the AWS CLI; with
                        or without the registry's full address before NAME
  -                     an archive on standard input
  bare                  a file or folder is sniffed; else the daemon is asked

Examples:
  $ phiscan image app:1.4
  $ phiscan image build/app.tar --fail-on high
  $ phiscan image oci:layout:1.4 --platform linux/arm64
  $ phiscan image registry:registry.example/team/app:1.4
  $ phiscan image ecr:team/app:1.4 --region eu-west-1
  $ phiscan image app:1.4 --format json --output report.json
${exitHelp}`;

export const filesHelp: string = `
Examples:
  $ phiscan files . --dockerignore
  $ phiscan files 'seed/**/*.csv' dump.sql.gz --explain
${exitHelp}`;

export const ecsHelp: string = `
It asks with the credentials that the AWS CLI would use, by reading calls only,
at half of the rate that AWS allows. Task definitions that were read before are
remembered for a week: their findings, without values, in PHISCAN_CACHE_DIR or
the user's cache folder.

--cluster leaves out other clusters, and task definitions that none of these
uses. --family leaves out all but these task definitions and the tasks that run
them. --since leaves out older revisions, deployments and stopped tasks.

Examples:
  $ phiscan ecs                              the Region of the profile
  $ phiscan ecs --region us-east-1 --region eu-west-1 --profile audit
  $ phiscan ecs --cluster prod --since 24h
  $ phiscan ecs --family web --max-revisions 10 --format json
${exitHelp}`;

export const doctorHelp: string = `
It asks each reading call of a sweep once, for nothing: no image is pulled, and
nothing is changed. It looks whether pulls of the role are counted
(lastRecordedPullTime), whether what would change a registry is denied, and
whether layers, the ledger's folder and the Docker engine can be reached.

Examples:
  $ phiscan doctor --region us-east-1 --region eu-west-1
  $ phiscan doctor --role-arn arn:aws:iam::123456789012:role/phiscan
  $ phiscan doctor --format json

Exit codes:
  0  nothing is wrong; what could not be checked is told
  1  something must be put right before a sweep
  2  wrong usage`;

export const containersHelp: string = `
It reads what docker inspect shows: environment, command, labels, mounts, log
options, names on networks, the error of a container that did not start, and
what its health checks printed. DOCKER_HOST and docker contexts are honoured.

Examples:
  $ phiscan containers
  $ phiscan containers web worker --fail-on high
  $ phiscan containers --format json --output report.json
${exitHelp}`;

export const watchHelp: string = `
Events are "ECS Task State Change", "ECS Service Action", "ECS Deployment State
Change" and "ECS Container Instance State Change", as an EventBridge rule sends
them to an SQS queue, also through SNS. Each finding or gap is one line of JSON
with the event's id, time and resource. A message is deleted when its lines are
written; one that is no event of ECS is a gap, and stays for the redrive policy
of the queue. In one run each message and event is told once; after a restart,
one that was not deleted yet is told again. SIGTERM and SIGINT end the watch
after the message in hand.

Without a queue, ECS is asked every --interval for stopped tasks and the events
of services.

Examples:
  $ phiscan ecs watch --queue-url "$QUEUE_URL" --output findings.jsonl
  $ phiscan ecs watch --queue-url "$QUEUE_URL" --once
  $ phiscan ecs watch - < events.jsonl
  $ phiscan ecs watch --cluster prod --interval 15m
${exitHelp}`;

export const ledgerHelp: string = `
phiscan image remembers what it found in each layer, by the digest of its bytes:
findings and gaps as reports have them, no value and no content. A layer that is
known is not scanned again with the same version, detectors and limits. One file
for all processes of this user, ledger.db in PHISCAN_CACHE_DIR or the user's
cache folder; --no-ledger leaves it alone.

Examples:
  $ phiscan ledger stats
  $ phiscan ledger export --output known.jsonl
  $ phiscan ledger prune --older-than 30d --max-bytes 500MB
  $ phiscan ledger verify --format json`;
