using System.Collections.Immutable;
using Akka.Actor;
using Akka.Persistence;
using AkkaScale.Cluster.Logs;
using AkkaScale.Journal.Figures;
using AkkaScale.Journal.Options;
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
    private readonly Recoveries _recoveries;
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
        Metrics = new JournalMetrics(options.Time);
        _codec = new EventCodec(system, options.DefaultSerializer, options.CommandIdOf, options.Time);
        var limits = new LaneLimits(options.MaxBatchRows, options.MaxBatchBytes, options.MaxWaitingWrites, options.MaxWaitingBytes);
        _lane = new Lane(limits, _store.CreateWriter(), options.Leases, Metrics, _logger);
        _recoveries = new Recoveries(_store, _lane, options, _logger, _stopping.Token);
        Opening = Task.Run(OpenAsync);
    }

    /// <summary>The column <c>writer_uuid</c> of what this process writes.</summary>
    public string Writer { get; }

    public LaneFigures Figures => _lane.Figures;

    internal JournalMetrics Metrics { get; }

    /// <summary>Requests that may wait for the database.</summary>
    internal int WaitingBound => _options.MaxWaitingWrites;

    /// <summary>
    /// Completes when the server has been checked and the schema is up to date; faults with <see cref="JournalRefusedException"/> when
    /// they are not fit. A database that cannot be reached is waited for.
    /// </summary>
    public Task Opening { get; }

    /// <summary>Looks into the tables: pages of an entity's events, verification, statistics.</summary>
    public JournalInspection Inspection => new(_store);

    internal EventCodec Codec => _codec;

    internal Recoveries Recoveries => _recoveries;

    /// <summary>Writes what one entity asked for in one go; by the epoch that its lease has at this moment.</summary>
    /// <returns>Null when all is written; a fault when nothing is.</returns>
    internal Task<IImmutableList<Exception>> WriteAsync(IReadOnlyList<AtomicWrite> writes)
    {
        var persistenceId = writes[0].PersistenceId;
        if (writes.Any(write => write.PersistenceId != persistenceId))
        {
            // Akka's own actors never send that, and the order of two entities' writes could not be kept.
            throw new ArgumentException("The writes of one request are of more than one entity.", nameof(writes));
        }

        StoredText.Check(persistenceId, "persistence id");
        var slice = SliceOf(persistenceId);
        var request = new WriteRequest(persistenceId, slice, _codec.ToRows(writes));
        _lane.Accept(request);

        // Not before it is accepted: a recovery that began in between would neither wait for it nor be told to read again.
        _recoveries.Discard(persistenceId);
        return request.Task;
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
        await _recoveries.SettleAsync(persistenceId, Opening, cancellationToken);
        _recoveries.Discard(persistenceId);
        Check(await _store.DeleteEventsAsync(persistenceId, to, slice, cancellationToken), slice);
    }

    public void Dispose()
    {
        _stopping.Cancel();
        _lane.Dispose();
        _store.Dispose();
        Metrics.Dispose();
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
