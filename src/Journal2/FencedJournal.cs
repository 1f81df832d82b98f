using System.Collections.Immutable;
using Akka.Actor;
using Akka.Persistence;
using AkkaScale.Journal.Reading;
using AkkaScale.Journal.Serialization;
using AkkaScale.Journal.Writing;
using Microsoft.Extensions.Logging;

namespace AkkaScale.Journal;

/// <summary>One journal with its snapshot store: the lane, the connections, and the recoveries under way.</summary>
public sealed partial class FencedJournal : IDisposable
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    private readonly FencedJournalOptions _options;
    private readonly IJournalStore _store;
    private readonly EventCodec _codec;
    private readonly HandOvers _handOvers;
    private readonly Lane _lane;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stopping = new();

    internal FencedJournal(ExtendedActorSystem system, FencedJournalOptions options)
    {
        _options = options;
        _logger = new AkkaLogger(Akka.Event.Logging.GetLogger(system, typeof(FencedJournal)));

        // Time-ordered and random: no other writer has it, and a settlement relies on that.
        Writer = Guid.CreateVersion7(options.Time.GetUtcNow()).ToString("N");
        _store = JournalStores.Create(options, Writer);
        _codec = new EventCodec(system, options.DefaultSerializer, options.CommandIdOf, options.Time);
        _handOvers = new HandOvers(options.Time);
        var limits = new LaneLimits(options.MaxBatchRows, options.MaxBatchBytes, options.MaxWaitingWrites, options.MaxWaitingBytes);
        _lane = new Lane(limits, _store.CreateWriter(), options.Leases, _logger);
        Opening = Task.Run(OpenAsync);
    }

    /// <summary>The column <c>writer_uuid</c> of what this process writes.</summary>
    public string Writer { get; }

    public LaneFigures Figures => _lane.Figures;

    /// <summary>
    /// Completes when the server has been checked and the schema is up to date; faults with <see cref="JournalRefusedException"/> when
    /// they are not fit. A database that cannot be reached is waited for.
    /// </summary>
    public Task Opening { get; }

    internal EventCodec Codec => _codec;

    /// <summary>Writes what one entity asked for in one go; by the epoch that its lease has at this moment.</summary>
    /// <returns>Null when all is written; a fault when nothing is.</returns>
    internal Task<IImmutableList<Exception>> WriteAsync(IReadOnlyList<AtomicWrite> writes)
    {
        var persistenceId = writes[0].PersistenceId;
        var slice = SliceOf(persistenceId);
        _handOvers.Discard(persistenceId);
        var request = new WriteRequest(persistenceId, slice, _codec.ToRows(writes));
        _lane.Accept(request);
        return request.Task;
    }

    /// <summary>Snapshot of an entity; its events are read with it and kept for the journal, which asks for them next.</summary>
    internal async Task<StoredSnapshot?> LoadSnapshotAsync(string persistenceId, SnapshotRange range, CancellationToken cancellationToken)
    {
        await SettleAsync(persistenceId, cancellationToken);
        var handOver = _handOvers.Begin(persistenceId, SliceForReading(persistenceId));
        var read = await _store.ReadRecoveryAsync(persistenceId, range, handOver is null ? 0 : _options.RecoveryPage, cancellationToken);
        if (handOver is not null)
        {
            _handOvers.Complete(handOver, read, (read.Snapshot?.SequenceNr ?? 0) + 1);
        }

        return read.Snapshot;
    }

    /// <summary>Highest number of an entity; its first events are read with it and kept for the replay.</summary>
    internal async Task<long> HighestAsync(string persistenceId, long from, CancellationToken cancellationToken)
    {
        // First of all, and on the caller's thread: a write that was accepted before must be in what is read.
        await SettleAsync(persistenceId, cancellationToken);
        var slice = SliceForReading(persistenceId);
        if (_handOvers.Look(persistenceId, from, slice) is { } found)
        {
            return Highest(persistenceId, from, slice, found);
        }

        var handOver = _handOvers.Begin(persistenceId, slice);
        var read = await _store.ReadEventsAsync(persistenceId, from, handOver is null ? 0 : _options.RecoveryPage, cancellationToken);
        if (handOver is not null)
        {
            _handOvers.Complete(handOver, read, from);
        }

        return Highest(persistenceId, from, slice, read);
    }

    internal async Task ReplayAsync(string persistenceId, long from, long to, long max, Action<StoredEvent> each)
    {
        if (_handOvers.Take(persistenceId, from, SliceForReading(persistenceId)) is { } read)
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

            if (read.Events.Count < _options.RecoveryPage)
            {
                return;
            }
        }

        if (max > 0 && from <= to)
        {
            await _store.ReplayAsync(persistenceId, from, to, max, each, _stopping.Token);
        }
    }

    internal async Task SaveSnapshotAsync(SnapshotMetadata metadata, object snapshot, CancellationToken cancellationToken)
    {
        var slice = SliceOf(metadata.PersistenceId);
        var stored = _codec.ToStored(metadata, snapshot);
        await Opening.WaitAsync(cancellationToken);
        Check(await _store.SaveSnapshotAsync(stored, slice, cancellationToken), slice);
    }

    internal async Task DeleteSnapshotsAsync(string persistenceId, SnapshotRange range, CancellationToken cancellationToken)
    {
        var slice = SliceOf(persistenceId);
        await Opening.WaitAsync(cancellationToken);
        Check(await _store.DeleteSnapshotsAsync(persistenceId, range, slice, cancellationToken), slice);
    }

    internal async Task DeleteEventsAsync(string persistenceId, long to, CancellationToken cancellationToken)
    {
        var slice = SliceOf(persistenceId);
        await SettleAsync(persistenceId, cancellationToken);
        _handOvers.Discard(persistenceId);
        Check(await _store.DeleteEventsAsync(persistenceId, to, slice, cancellationToken), slice);
    }

    public void Dispose()
    {
        _stopping.Cancel();
        _lane.Dispose();
        _store.Dispose();
    }

    /// <summary>Lease and epoch by which an entity's writes go that are accepted now.</summary>
    private Slice SliceOf(string persistenceId)
    {
        if (_options.LeaseOf?.Invoke(persistenceId) is not { } lease)
        {
            return Slice.Unfenced;
        }

        return _options.Leases!.EpochOf(lease) is { } epoch
            ? new Slice(lease, epoch)
            : throw new LeaseRefusedException($"The lease {lease} is not held by this process: {persistenceId} is not its to write.");
    }

    /// <summary>The same for a recovery, which may also run without the lease: it only reads.</summary>
    private Slice SliceForReading(string persistenceId) =>
        _options.LeaseOf?.Invoke(persistenceId) is { } lease && _options.Leases!.EpochOf(lease) is { } epoch
            ? new Slice(lease, epoch)
            : Slice.Unfenced;

    private async Task SettleAsync(string persistenceId, CancellationToken cancellationToken)
    {
        var settled = _lane.RecoverAsync(persistenceId);
        await Opening.WaitAsync(cancellationToken);
        await settled.WaitAsync(cancellationToken);
    }

    private long Highest(string persistenceId, long from, Slice slice, RecoveryRead read)
    {
        if (read.HighestSequenceNr < from)
        {
            // Akka does not ask for a replay of nothing.
            _handOvers.Take(persistenceId, from, slice);
        }

        return read.HighestSequenceNr;
    }

    private static void Check(bool held, Slice slice)
    {
        if (!held)
        {
            throw new LeaseRefusedException($"The lease {slice.Lease} is not held by epoch {slice.Epoch}: nothing was changed.");
        }
    }

    private async Task OpenAsync()
    {
        for (var pause = FirstPause; ; pause = pause < LongestPause ? pause * 2 : LongestPause)
        {
            try
            {
                await _store.OpenAsync(_stopping.Token);
                _lane.Start();
                return;
            }
            catch (Exception error) when (error is JournalRefusedException or OperationCanceledException)
            {
                _lane.Refuse(error);
                throw;
            }
            catch (Exception error)
            {
                LogNotReached(_logger, error);
                await Task.Delay(pause, _options.Time, _stopping.Token);
            }
        }
    }

    [LoggerMessage(EventId = 3101, Level = LogLevel.Warning, Message = "The journal's database cannot be opened yet; it is tried again.")]
    private static partial void LogNotReached(ILogger logger, Exception error);
}
