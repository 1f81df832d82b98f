namespace AkkaScale.Cluster.Inspection;

/// <summary>The embedded store and the disk below it. Sizes in bytes.</summary>
/// <param name="File">The journal's; members lie beside it.</param>
/// <param name="LogBytes">The write-ahead log beside the journal; grows while a reader holds it.</param>
/// <param name="FileSystem">As the system names it, e.g. ext4.</param>
/// <param name="IsNetwork">A file system of another machine, whose locks cannot be trusted.</param>
/// <param name="IsMemory">Gone with the machine's power.</param>
internal sealed record SqliteFacts(
    string File,
    string JournalMode,
    long JournalBytes,
    long LogBytes,
    long FreeBytes,
    long DiskBytes,
    string FileSystem,
    bool IsNetwork,
    bool IsMemory);
