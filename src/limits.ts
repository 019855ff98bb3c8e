/** Every bound of phiscan, with its unit and its reason. A bound that is hit is a gap in the report, unless it says
 * otherwise here. */

const KiB = 1024;
const MiB = 1024 * KiB;
const GiB = 1024 * MiB;

type LimitName =
  | 'chunkBytes'
  | 'headBytes'
  | 'hintBytes'
  | 'hintReach'
  | 'lineBytes'
  | 'metadataBytes'
  | 'metadataTotalBytes'
  | 'tarRecordBytes'
  | 'nestedDepth'
  | 'nestedEntries'
  | 'nestedBytes'
  | 'nestedRatio'
  | 'nestedRatioFloor'
  | 'nestedMs'
  | 'heldBytes'
  | 'windowBytes'
  | 'layerFindings'
  | 'layerGaps'
  | 'layerCharacters'
  | 'distinctValues'
  | 'indexDepth'
  | 'listMembers'
  | 'absentPlatforms'
  | 'treePaths'
  | 'pathCharacters'
  | 'sniffedMembers'
  | 'connectMs'
  | 'ignoredPaths'
  | 'zstdBlockMs'
  | 'zstdMovesPerByte'
  | 'zstdFreeMoves'
  | 'attachedBytes'
  | 'literalBytes'
  | 'yamlBytes'
  | 'sqlTables'
  | 'sqlitePages'
  | 'sqlColumns'
  | 'columnRows'
  | 'columnCharacters'
  | 'judgedColumns'
  | 'decodingDepth'
  | 'decodedBytes'
  | 'officeBytes'
  | 'pdfBytes'
  | 'pdfMs'
  | 'configCharacters'
  | 'dockerfileBytes'
  | 'customDetectors'
  | 'customTextCharacters'
  | 'ownedFiles'
  | 'verifiedBytes'
  | 'rpmDatabaseBytes'
  | 'officeSteps'
  | 'pickleValues'
  | 'pickleMemo'
  | 'pickleCharacters'
  | 'eventBytes'
  | 'mimeLines'
  | 'baselineCharacters'
  | 'readReportBytes'
  | 'answerCharacters'
  | 'lineMarks'
  | 'countedFolders'
  | 'folderCharacters'
  | 'listedFolders';

export type Limits = Readonly<Record<LimitName, number>>;

export const limits: Limits = {
  /** Bytes that a stage hands to the next at once. Larger ones make threads and reads wait for each other less often
   * (measured: 1 MiB takes a fifth to a third less time than 256 KiB); some of them and a layer's decompressor state are
   * the memory of a layer in flight. */
  chunkBytes: 1 * MiB,

  /** Bytes at the start of an entry in which its format must show itself and hold a hint, so that a reader takes the
   * whole entry. Fixed, and not the size of a window, so that findings do not depend on how the bytes arrive. */
  headBytes: 64 * KiB,

  /** Longest text that a hint may match, in bytes: what one window must see of the next. */
  hintBytes: 256,

  /** Bytes that are read as text before and after a hint, extended to whole lines. */
  hintReach: 2 * KiB,

  /** Longest line that is read as one, in bytes. Longer ones (minified code, one-line JSON) are read in runs of this size. */
  lineBytes: 16 * KiB,

  /** A JSON document (config, manifest, index) that is held in memory to be parsed. Larger ones are scanned as text. */
  metadataBytes: 16 * MiB,

  /** All JSON documents of one source together, held until the images are put together. */
  metadataTotalBytes: 64 * MiB,

  /** One pax or GNU long-name record. tar-stream holds them whole; an 8 GiB one is an attack. */
  tarRecordBytes: 1 * MiB,

  /** Containers inside containers, counted from the layer: jar in zip in tar.gz is 3. */
  nestedDepth: 8,

  /** Entries of one nested archive, all depths together. */
  nestedEntries: 1_000_000,

  /** Unpacked bytes of one nested archive, all depths together. */
  nestedBytes: 4 * GiB,

  /** Unpacked bytes for each stored byte of a nested archive, once more than `nestedRatioFloor` came out. Text compresses
   * 20 to 1, zeros 1000 to 1. */
  nestedRatio: 250,
  nestedRatioFloor: 64 * MiB,

  /** Time for one nested archive, in milliseconds. */
  nestedMs: 60_000,

  /** A container that needs random access (zip) is held in memory up to this size; above, its raw bytes are scanned and
   * the report says so. */
  heldBytes: 48 * MiB,

  /** Largest decoder window (zstd) or dictionary (xz), in bytes. RFC 8878 asks for 8 MiB; `zstd --long` makes 128 MiB. */
  windowBytes: 128 * MiB,

  /** Findings kept of one layer, and gaps kept of one layer. Further ones are counted in one gap. */
  layerFindings: 20_000,
  layerGaps: 1_000,

  /** Characters in the texts of a layer's findings and gaps together: names may be a megabyte long. */
  layerCharacters: 16 * MiB,

  /** Distinct values remembered for one detector and entry, as 32-bit hashes. Above, the count is a lower bound. */
  distinctValues: 10_000,

  /** Indexes inside indexes. */
  indexDepth: 8,

  /** Members of lists that are read in all documents of a source together, each time they are read. A thousand images of
   * a hundred layers take 400,000; documents that repeat `{}` for megabytes are an attack on memory and time. */
  listMembers: 500_000,

  /** Platforms that are named as absent from one source; real indexes list fewer than twenty. No gap: further ones are
   * only not named. */
  absentPlatforms: 64,

  /** Paths of one layer that are kept to tell what a container shows, folders included: 32 MB. Layers of a million files
   * exist; longer lists of ever deeper folders are an attack on memory. */
  treePaths: 4_000_000,

  /** Characters (UTF-16 units) of a path. Linux opens no longer one, so no container shows what it names: of a longer
   * one the folders are not kept, and gaps show its beginning. No gap: the content is scanned. */
  pathCharacters: 4096,

  /** Members of a tar that are looked at for the name of an image's document. Images have hundreds; a root file system, a
   * million, and not one. Above, the tar is no image: an error. */
  sniffedMembers: 4096,

  /** Until the Docker engine answers at all, in milliseconds; a firewall may drop what we send. Then an error. */
  connectMs: 10_000,

  /** Paths that one set of .dockerignore rules remembers its answers for. No gap: it starts anew. */
  ignoredPaths: 10_000,

  /** One zstd block without node's own zstd, in milliseconds. It takes 2; but 20 bytes can claim 100,000 copies of
   * 128 KiB each, on which fzstd would be for 10 s. */
  zstdBlockMs: 1000,

  /** fzstd moves its whole window for each block, so that tiny blocks in a large window would take hours. This many bytes
   * may be moved for each byte of output (128 KiB blocks in a 128 MiB window: 1024) once `zstdFreeMoves` are spent. */
  zstdMovesPerByte: 2048,
  zstdFreeMoves: 1 * GiB,

  /** A file in base64 inside of a document (FHIR Attachment, CDA nonXMLBody), in characters: it is held, decoded and read
   * again. No gap: what is behind is not read again, its characters are none. */
  attachedBytes: 8 * MiB,
  /** A YAML text that is parsed as a whole: a megabyte takes a second. Longer ones are read as lines: no gap. */
  yamlBytes: 1 * MiB,

  /** Tables of one SQL dump whose columns are remembered; of further ones the oldest is forgotten. No gap: the values of a
   * forgotten table are read without their columns' names. */
  sqlTables: 1000,

  /** Columns of one table that have names; SQLite's own bound is 2000, MySQL's 4096. No gap: see `sqlTables`. */
  sqlColumns: 4096,

  /** Rows of a table that are held until its columns are decided; the rows after them inherit the decision. So many that a
   * chance of nine in ten is told from a certainty. No gap: a table with fewer is decided on what it has. */
  columnRows: 128,

  /** Characters in the rows that are held: wide rows are decided on fewer of them. No gap. */
  columnCharacters: 256 * KiB,

  /** Columns of one entry that are decided as a whole. No gap: cells of further ones are judged one by one. */
  judgedColumns: 1000,

  /** Pages of one SQLite database whose table is remembered: 4 GiB of pages as they are made. No gap: rows of further ones
   * are read as those of the only table with as many columns, or without names. */
  sqlitePages: 1_000_000,

  /** Encodings inside each other that are undone: base64 of percent-encoded JSON with escapes is 3. No gap. */
  decodingDepth: 4,

  /** Most that a compressed value inside a text unpacks to, in bytes: a longer one is a bomb, and read as it stands. No gap. */
  decodedBytes: 1 * MiB,

  /** The texts of an office document (shared strings, one sheet, one body), unpacked, in bytes: above, they are read as
   * the XML that they are. */
  officeBytes: 64 * MiB,

  /** A PDF that is held in memory to be laid out as text; of a larger one the raw bytes are read, and the report says so. */
  pdfBytes: 32 * MiB,

  /** Time for the text of one PDF, in milliseconds. */
  pdfMs: 20_000,

  /** A Dockerfile that is compared with histories: people write kilobytes. Above, it is an error. */
  dockerfileBytes: 1024 * KiB,

  /** A phiscan.yaml, in characters: its parser takes a second for a megabyte. Above, it is an error. */
  configCharacters: 256 * KiB,

  /** Detectors of one phiscan.yaml: their labels and shapes are looked for in every byte. Above, it is an error. */
  customDetectors: 100,

  /** Characters of a label or shape in phiscan.yaml. Above, it is an error. */
  customTextCharacters: 1000,

  /** Files of package managers that are remembered of one layer: 16 MB. Full desktops have 500,000. No gap: findings in
   * further ones keep their severity. */
  ownedFiles: 2_000_000,

  /** Largest file that is compared with its package manager's checksum, in bytes: a copy of it is kept while it is read.
   * No gap: findings in larger ones keep their severity. */
  verifiedBytes: 8 * MiB,

  /** A text of object literals (HCL, Jsonnet) or a Dockerfile that is read as a whole; a megabyte takes half a second. Longer
   * ones are read as lines: no gap. */
  literalBytes: 4 * MiB,

  /** One message with events in it. SQS takes at most 1 MiB; a line of standard input may be longer. Above, it is a gap. */
  eventBytes: 4 * MiB,

  /** A database of rpm, in bytes: it is held to the end of its entry, as one file is on pages anywhere. A thousand packages
   * take 100 MiB. No gap: findings in the files of a larger one keep their severity. */
  rpmDatabaseBytes: 128 * MiB,

  /** Work that an office document may make, all parts together: tags, and a quarter of the characters. Half a million cells
   * take some seconds. What is behind is scanned as the XML that it is, and the report says so. */
  officeSteps: 6_000_000,

  /** Values of a Python pickle that are held to know what each is in: 10,000 records and more. No gap: of a larger one parts
   * are read before it ends, and a record that such a part ends in is read as two. */
  pickleValues: 200_000,

  /** Values that a pickle may come back to. It names all its texts, of which keys come early. No gap: a key that comes again
   * and is not remembered names nothing. */
  pickleMemo: 200_000,

  /** Characters of the values that a pickle holds, and of those that it may come back to. No gap: as for their number. */
  pickleCharacters: 16 * MiB,

  /** Lines of one encoded part of a mail whose places are remembered: 6 MB of base64. No gap: what stands farther behind is
   * told at the last of them. */
  mimeLines: 100_000,

  /** A file of accepted findings, in characters: 8,000 of them. Its parser takes a second for a megabyte. Above, it is an error. */
  baselineCharacters: 2 * MiB,

  /** A JSON report that a baseline is made of, in bytes: half a million findings; it is held as a text. Above, it is an error. */
  readReportBytes: 256 * MiB,

  /** Reason or owner of an accepted finding, in characters: a sentence. Above, it is an error; of a mark in a file it is cut. */
  answerCharacters: 300,

  /** Marks (`phiscan:ignore`) of one entry that are heeded. No gap: values beside further ones count. */
  lineMarks: 10_000,

  /** Folders of a layer whose sizes are counted while it is read, to three levels: full desktops have 3,000. No gap: what is
   * in further ones counts as that of the folder above. */
  countedFolders: 10_000,

  /** Characters of such a folder's path; longer ones are an attack on memory. No gap: see `countedFolders`. */
  folderCharacters: 512,

  /** Folders of a layer that are listed with their sizes, the largest first: enough for a picture, and some 2 kB for each
   * layer in reports and the ledger. No gap: the size of a folder has that of those below it. */
  listedFolders: 32,
};
