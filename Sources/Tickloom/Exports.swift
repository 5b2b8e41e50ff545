// `import Tickloom` is all an embedding program needs.
@_exported public import LoomCore
@_exported public import LoomFeatures
@_exported public import LoomImport
@_exported public import LoomJournal
@_exported public import LoomNormalization
@_exported public import LoomPublishing
// Of the system's module only what the library's own declarations name.
@_exported public import struct LoomSystem.Cancellation
@_exported public import struct LoomSystem.Hash128
@_exported public import enum LoomSystem.SystemError
