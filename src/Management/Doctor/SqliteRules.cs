using AkkaScale.Cluster.Inspection;

namespace AkkaScale.Management.Doctor;

/// <summary>Would the embedded store keep what was acknowledged, and is there room for more?</summary>
internal static class SqliteRules
{
    private const long LongLog = 512L * 1024 * 1024;
    private const long LittleSpace = 2L * 1024 * 1024 * 1024;
    private const long NoSpace = 256L * 1024 * 1024;

    public static IEnumerable<Finding> Judge(DoctorFacts facts) => facts.Store?.Sqlite is { } store
        ? Durability(store).Concat(Room(store)).Concat(OneHost(facts))
        : [];

    private static IEnumerable<Finding> Durability(SqliteFacts store)
    {
        if (store.JournalMode != "wal")
        {
            yield return new Finding(
                "store/no-wal", Severity.Critical, "The journal's file is not in WAL mode",
                $"The journal is written with journal_mode={store.JournalMode}.",
                "Nodes wait for each other's readings, and what a crash leaves has to be rolled back by whoever comes next.",
                "Nothing but this program should open the store; restart the nodes, and look for who changed it.");
        }

        if (store.IsNetwork)
        {
            yield return new Finding(
                "store/network-disk", Severity.Critical, "The store lies on another machine's disk",
                $"{store.File} is on {store.FileSystem}.", "Its locks cannot be trusted: two nodes may write at once and damage the journal.",
                "Move the store to a local disk, or use PostgreSQL.");
        }

        if (store.IsMemory)
        {
            yield return new Finding(
                "store/memory-disk", Severity.Warning, "The store lies in memory",
                $"{store.File} is on {store.FileSystem}.", "Everything is gone when this machine restarts.",
                "Set Store:Path to a directory on a disk; for tests this is fine.");
        }
    }

    private static IEnumerable<Finding> Room(SqliteFacts store)
    {
        var left = $"{Megabytes(store.FreeBytes)} of {Megabytes(store.DiskBytes)} are free; the journal has {Megabytes(store.JournalBytes)}.";
        if (store.FreeBytes < NoSpace)
        {
            yield return new Finding(
                "store/disk-full", Severity.Critical, "The disk is all but full", left,
                "Writes fail; reads go on. No restart is needed once there is room.", "Make room, or move the store to a larger disk.");
        }
        else if (store.FreeBytes < LittleSpace || store.FreeBytes < store.JournalBytes)
        {
            yield return new Finding(
                "store/disk-low", Severity.Warning, "The disk is filling", left,
                "There is no room for a copy beside the store, and writes fail once it is full.",
                "Make room, or move the store to a larger disk.");
        }

        if (store.LogBytes > LongLog)
        {
            yield return new Finding(
                "store/log-long", Severity.Warning, "The write-ahead log is long",
                $"{store.File}-wal has {Megabytes(store.LogBytes)}.", "Reads slow down, and the disk fills.",
                "A reader that never ends holds it: a copy under way, or a tool that has the file open. It shrinks by itself afterwards.");
        }
    }

    private static IEnumerable<Finding> OneHost(DoctorFacts facts)
    {
        yield return new Finding(
            "store/one-host", Severity.Notice, "All nodes share one machine and one disk",
            $"The store is embedded, in {facts.Store!.Sqlite!.File}.",
            "The loss of this machine ends the cluster; the loss of its disk loses everything since the last backup.",
            "Copy it elsewhere (pbm backup, while nodes run), or use PostgreSQL where that is not enough.");
    }

    private static string Megabytes(long bytes) => $"{bytes / 1024 / 1024:N0} MiB";
}
