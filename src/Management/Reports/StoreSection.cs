using System.Collections.Immutable;
using System.Globalization;
using AkkaScale.Cluster.Inspection;

namespace AkkaScale.Management.Reports;

/// <summary>What the store says of itself, by name. Asked anew every ten seconds at most, as reports are made more often than it changes.</summary>
internal sealed class StoreSection(NodeSettings settings, TimeProvider time)
{
    private static readonly TimeSpan KeptFor = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);

    private volatile Kept? _kept;

    /// <summary>Null: the store does not say.</summary>
    public async Task<StoreReport?> ReportAsync(Func<CancellationToken, Task<StoreFacts>> inspect)
    {
        if (_kept is { } kept && time.GetElapsedTime(kept.Since) < KeptFor)
        {
            return kept.Report;
        }

        StoreReport? report = null;
        using var patience = new CancellationTokenSource(Patience, time);
        try
        {
            report = new StoreReport(settings.Store, Of(await inspect(patience.Token)));
        }
        catch (Exception away) when (away is System.Data.Common.DbException or OperationCanceledException or IOException)
        {
            // It is shown as one that did not answer, and asked again when ten seconds have passed.
        }

        _kept = new Kept(report, time.GetTimestamp());
        return report;
    }

    public static IReadOnlyDictionary<string, string> Of(StoreFacts facts)
    {
        var all = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        if (facts.Postgres is { } server)
        {
            Add("version", server.Version);
            Add("fsync", server.Fsync);
            Add("synchronousCommit", server.SynchronousCommit);
            Add("fullPageWrites", server.FullPageWrites);
            Add("checksums", server.Checksums);
            Add("synchronousStandbyNames", server.SynchronousStandbyNames);
            Add("replicas", string.Join(", ", server.Replicas.Select(replica => $"{replica.Name} {replica.State} {replica.SyncState}")));
            Add("archiving", server.Archive is { } archive ? archive.IsFailing ? "failing" : "on" : "off");
            Add("connections", server.Connections);
            Add("maxConnections", server.MaxConnections);
            Add("databaseBytes", server.DatabaseBytes);
        }

        if (facts.Sqlite is { } store)
        {
            Add("file", store.File);
            Add("journalMode", store.JournalMode);
            Add("journalBytes", store.JournalBytes);
            Add("logBytes", store.LogBytes);
            Add("freeBytes", store.FreeBytes);
            Add("fileSystem", store.FileSystem);
        }

        return all.ToImmutable();

        void Add(string name, object value) => all[name] = Convert.ToString(value, CultureInfo.InvariantCulture)!;
    }

    private sealed record Kept(StoreReport? Report, long Since);
}
