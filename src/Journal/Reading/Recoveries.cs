using AkkaScale.Journal.Options;
using AkkaScale.Journal.Writing;
using Microsoft.Extensions.Logging;

namespace AkkaScale.Journal.Reading;

/// <summary>
/// Reads entities for their recovery, in one round trip: the snapshot store's question is answered together with those that the journal
/// will be asked next. While the database is away it is asked again, for as long as Akka waits.
/// </summary>
internal sealed partial class Recoveries(
    IJournalStore store, Lane lane, FencedJournalOptions options, ILogger logger, CancellationToken stopping)
{
    private const int EventsBetweenSignsOfLife = 1024;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    private readonly HandOvers _handOvers = new(options.Time);

    /// <summary>What is being read of the entity no longer holds: something of it is about to be written.</summary>
    public void Discard(string persistenceId) => _handOvers.Discard(persistenceId);

    /// <summary>
    /// Completes when each write of the entity that was accepted until now has an outcome: one that commits later would be missed.
    /// </summary>
    public async Task SettleAsync(string persistenceId, Task opening, CancellationToken cancellationToken)
    {
        var settled = lane.RecoverAsync(persistenceId);
        await opening.WaitAsync(cancellationToken);
        await settled.WaitAsync(cancellationToken);
    }

    /// <summary>Snapshot of an entity; its events are read with it and kept for the journal.</summary>
    public async Task<StoredSnapshot?> LoadSnapshotAsync(
        string persistenceId, SnapshotRange range, Task opening, CancellationToken cancellationToken)
    {
        // Begun before it looks for writes to wait for: one that is accepted after that look takes the hand-over away.
        var handOver = _handOvers.Begin(persistenceId, SliceOf(persistenceId));
        await SettleAsync(persistenceId, opening, cancellationToken);
        var read = await PatientlyAsync(
            () => store.ReadRecoveryAsync(persistenceId, range, handOver is null ? 0 : options.RecoveryPage, cancellationToken),
            cancellationToken);
        if (handOver is not null)
        {
            _handOvers.Complete(handOver, read, (read.Snapshot?.SequenceNr ?? 0) + 1);
        }

        return read.Snapshot;
    }

    /// <summary>
    /// Highest number of an entity; unless the snapshot store has, its first events are read with it and kept for the replay.
    /// </summary>
    public async Task<long> HighestAsync(string persistenceId, long from, Task opening, CancellationToken cancellationToken)
    {
        await SettleAsync(persistenceId, opening, cancellationToken);
        var slice = SliceOf(persistenceId);
        if (_handOvers.Look(persistenceId, from, slice) is { } found)
        {
            return Highest(persistenceId, from, slice, found);
        }

        var handOver = _handOvers.Begin(persistenceId, slice);
        var read = await PatientlyAsync(
            () => store.ReadEventsAsync(persistenceId, from, handOver is null ? 0 : options.RecoveryPage, cancellationToken),
            cancellationToken);
        if (handOver is not null)
        {
            _handOvers.Complete(handOver, read, from);
        }

        return Highest(persistenceId, from, slice, read);
    }

    public async Task ReplayAsync(string persistenceId, long from, long to, long max, Action<StoredEvent> each)
    {
        if (_handOvers.Take(persistenceId, from, SliceOf(persistenceId)) is { } read)
        {
            foreach (var stored in read.Events)
            {
                if (stored.SequenceNr > to || max == 0)
                {
                    return;
                }

                from = stored.SequenceNr + 1;
                if (!stored.Deleted)
                {
                    max--;
                    each(stored);
                }
            }

            if (read.Events.Count < options.RecoveryPage)
            {
                return;
            }
        }

        if (max > 0 && from <= to)
        {
            await ReplayRestAsync(persistenceId, from, to, max, each);
        }
    }

    /// <summary>After an error it goes on behind the last event that was handed on.</summary>
    private async Task ReplayRestAsync(string persistenceId, long from, long to, long max, Action<StoredEvent> each)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        deadline.CancelAfter(options.CallTimeout);
        await PatientlyAsync(
            async () =>
            {
                await store.ReplayAsync(persistenceId, from, to, max, HandOn, deadline.Token);
                return true;
            },
            deadline.Token);

        void HandOn(StoredEvent stored)
        {
            each(stored);
            from = stored.SequenceNr + 1;
            if (--max % EventsBetweenSignsOfLife == 0)
            {
                // It is silence that is bounded, not the length of an entity's history.
                deadline.CancelAfter(options.CallTimeout);
            }
        }
    }

    private async Task<T> PatientlyAsync<T>(Func<Task<T>> read, CancellationToken cancellationToken)
    {
        for (var pause = FirstPause; ; pause = pause < LongestPause ? pause * 2 : LongestPause)
        {
            try
            {
                return await read();
            }
            catch (Exception error) when (store.IsAway(error) && !cancellationToken.IsCancellationRequested)
            {
                LogReadAgain(logger, error);
                await Task.Delay(pause, options.Time, cancellationToken);
            }
        }
    }

    /// <summary>A recovery may also run without the lease: it only reads.</summary>
    private Slice SliceOf(string persistenceId) =>
        options.LeaseOf?.Invoke(persistenceId) is { } lease && options.Leases!.EpochOf(lease) is { } epoch
            ? new Slice(lease, epoch)
            : Slice.Unfenced;

    private long Highest(string persistenceId, long from, Slice slice, RecoveryRead read)
    {
        if (read.HighestSequenceNr < from)
        {
            // Akka does not ask for a replay of nothing.
            _handOvers.Take(persistenceId, from, slice);
        }

        return read.HighestSequenceNr;
    }

    [LoggerMessage(EventId = 3102, Level = LogLevel.Debug,
        Message = "The journal's database did not answer a recovery; it is asked again.")]
    private static partial void LogReadAgain(ILogger logger, Exception error);
}
