// `import Tickloom` is all an embedding program needs.
@_exported public import LoomCore
@_exported public import LoomFeatures
@_exported public import LoomImport
@_exported public import LoomJournal
@_exported public import LoomNormalization
@_exported public import LoomPublishing
