using System.Collections.Immutable;
using Akka.Actor;
using Akka.Configuration;
using Akka.Persistence;
using Akka.Persistence.Sql.Journal;

namespace AkkaScale.Journal.Plugin;

/// <summary>
/// Akka.Persistence.Sql's journal with its own way to write, to recover and to delete. What it does not override is the stock plugin's.
/// </summary>
/// <remarks>Akka calls each of these methods on the actor's thread: what happens before the first await is in order of arrival.</remarks>
public sealed class FencedSqlJournal : SqlWriteJournal
{
    private readonly FencedJournal _journal;

    public FencedSqlJournal(Config config)
        : base(config) => _journal = FencedJournals.For(Context.System).Get(Self.Path.Name);

    protected override Task<IImmutableList<Exception>> WriteMessagesAsync(
        IEnumerable<AtomicWrite> messages, CancellationToken cancellationToken) => _journal.WriteAsync([.. messages]);

    public override Task<long> ReadHighestSequenceNrAsync(
        string persistenceId, long fromSequenceNr, CancellationToken cancellationToken) =>
        _journal.Recoveries.HighestAsync(persistenceId, fromSequenceNr + 1, _journal.Opening, cancellationToken);

    public override Task ReplayMessagesAsync(
        IActorContext context, string persistenceId, long fromSequenceNr, long toSequenceNr, long max,
        Action<IPersistentRepresentation> recoveryCallback) =>
        _journal.Recoveries.ReplayAsync(
            persistenceId, fromSequenceNr, toSequenceNr, max, stored => recoveryCallback(_journal.Codec.ToRepresentation(stored)));

    protected override Task DeleteMessagesToAsync(string persistenceId, long toSequenceNr, CancellationToken cancellationToken) =>
        _journal.DeleteEventsAsync(persistenceId, toSequenceNr, cancellationToken);

    public override Task<PersistenceHealthCheckResult> CheckHealthAsync(CancellationToken cancellationToken = default) =>
        JournalHealth.Of(_journal) is { } trouble ? Task.FromResult(trouble) : base.CheckHealthAsync(cancellationToken);
}
