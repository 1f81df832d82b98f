using AkkaScale.LegacyCluster;
using AkkaScale.LegacyCluster.Membership;
using AkkaScale.LegacyJournal.Events;
using AkkaScale.LegacySharding.Ports;

namespace AkkaScale.LegacyJournal.Sqlite;

/// <summary>One lane. All lanes of a process share the file's writing thread: SQLite has one writer at a time anyway.</summary>
internal sealed class SqliteJournalWriter(SqliteDatabase journal, Incarnation owner) : IJournalWriter
{
    public async Task<SliceOutcome[]> AppendAsync(IReadOnlyList<ShardSlice> slices)
    {
        var outcomes = new SliceOutcome[slices.Count];
        var sendable = SliceCheck.Sendable(slices, outcomes);
        if (sendable.Count == 0)
        {
            return outcomes;
        }

        // The writing thread fills an array of its own, which is forgotten when it answers too late.
        var written = (SliceOutcome[])outcomes.Clone();
        try
        {
            return await journal.RunAsync(session =>
            {
                new SqliteAppend(owner.Value).Run(session, slices, sendable, written);
                return written;
            });
        }
        catch (StoreUnavailableException error)
        {
            return Fill(outcomes, sendable, new SliceOutcome(SliceStatus.Unavailable, error.Message));
        }
        catch (Exception error) when (SqliteErrors.IsStoreFault(error))
        {
            return Fill(outcomes, sendable, new SliceOutcome(SliceStatus.Unknown, error.Message));
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static SliceOutcome[] Fill(SliceOutcome[] outcomes, List<int> indices, SliceOutcome outcome)
    {
        foreach (var index in indices)
        {
            outcomes[index] = outcome;
        }

        return outcomes;
    }
}
