using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Threading.Channels;
using AkkaScale.Cluster;
using AkkaScale.Cluster.Membership;
using AkkaScale.Cluster.Ownership;
using Microsoft.Extensions.Logging;

namespace AkkaScale.Sharding.Versions;

/// <summary>
/// Knows the registry of event types, and registers those that this node is about to write for the first time. What was registered stays so,
/// hence a set that only grows and that readers look at without a lock.
/// </summary>
public sealed partial class WriteGate : IWriteGate, IAsyncDisposable
{
    private readonly IClusterStore _store;
    private readonly string _node;
    private readonly ClusterOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stop = new();

    // At most one entry for each event type that this program declares.
    private readonly ConcurrentDictionary<EventTypeKey, Question> _questions = new();
    private readonly Channel<EventTypeKey> _asked = Channel.CreateUnbounded<EventTypeKey>(new UnboundedChannelOptions { SingleReader = true });
    private volatile FrozenSet<EventTypeKey> _registered = [];
    private Task _running = Task.CompletedTask;

    /// <param name="node">Name of this node, for the registry.</param>
    public WriteGate(IClusterStore store, string node, ClusterOptions options, TimeProvider time, ILoggerFactory loggers)
    {
        _store = store;
        _node = node;
        _options = options;
        _time = time;
        _logger = loggers.CreateLogger<WriteGate>();
    }

    /// <summary>How long a type stays held back before it is asked for again.</summary>
    private TimeSpan AskAgainAfter => _options.LeaseTtl / 2;

    /// <summary>Reads what is registered, so that nothing that is in use has to be asked for, and begins to answer.</summary>
    /// <exception cref="StoreUnavailableException">The store cannot be reached.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await ReadRegistryAsync(cancellationToken);
        _running = Task.Run(RunAsync, CancellationToken.None);
    }

    public WritePermission Look(string kind, string eventType)
    {
        var key = new EventTypeKey(kind, eventType);
        return _registered.Contains(key) ? WritePermission.Granted : LookAtQuestion(key);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
    }

    private WritePermission LookAtQuestion(EventTypeKey key)
    {
        var question = _questions.GetOrAdd(key, static _ => new Question());
        if (question.MayAsk(_time, AskAgainAfter))
        {
            _asked.Writer.TryWrite(key);
        }

        return question.HeldBackBy is { } reason
            ? new WritePermission(WriteVerdict.HeldBack, reason)
            : new WritePermission(WriteVerdict.Pending, $"Event {key.EventType} of kind {key.Kind} is being registered before its first write.");
    }

    private async Task RunAsync()
    {
        try
        {
            await foreach (var key in _asked.Reader.ReadAllAsync(_stop.Token))
            {
                var question = _questions[key];
                try
                {
                    await AskAsync(key, question);
                }
                catch (StoreUnavailableException)
                {
                    // Said by the cluster's loop; the next event of this type asks again.
                }
                catch (Exception fault) when (fault is not OperationCanceledException)
                {
                    LogFault(_logger, fault, key.Kind, key.EventType);
                }
                finally
                {
                    question.Answered(_time);
                }
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
        }
    }

    private async Task AskAsync(EventTypeKey key, Question question)
    {
        using var timeout = new CancellationTokenSource(_options.LeaseTtl, _time);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, _stop.Token);
        try
        {
            var outcome = await _store.RegisterEventTypeAsync(key.Kind, key.EventType, _node, deadline.Token);
            if (outcome == WriteOutcome.Applied)
            {
                LogRegistered(_logger, key.EventType, key.Kind);
            }

            // Whatever the answer, also an unknown one: the rows say how it stands.
            await ReadRegistryAsync(deadline.Token);
            var reason = _registered.Contains(key) || outcome != WriteOutcome.Refused ? null : await WhoHoldsBackAsync(key, deadline.Token);
            if (reason is not null && reason != question.HeldBackBy)
            {
                LogHeldBack(_logger, reason);
            }

            question.HeldBackBy = reason;
        }
        catch (OperationCanceledException) when (!_stop.IsCancellationRequested)
        {
            throw new StoreUnavailableException("The registry of event types did not answer in time.");
        }
    }

    /// <summary>Null when nobody does any more: then it can be asked for again.</summary>
    private async Task<string?> WhoHoldsBackAsync(EventTypeKey key, CancellationToken cancellationToken)
    {
        var holders = (await _store.ReadAsync(cancellationToken)).Members
            .Where(member => member.IsLive && member.HasRole(MemberSnapshot.EntityRole) && member.Reads?.ReadsEvent(key.Kind, key.EventType) != true)
            .OrderBy(member => member.NodeName, StringComparer.Ordinal)
            .Select(member => $"{member.NodeName} (version {member.Version})")
            .ToArray();
        return holders.Length == 0 ? null
            : $"Event {key.EventType} of kind {key.Kind} is not written yet: {string.Join(", ", holders)} cannot read it.";
    }

    private async Task ReadRegistryAsync(CancellationToken cancellationToken) =>
        _registered = (await _store.ReadEventTypesAsync(cancellationToken)).Select(type => new EventTypeKey(type.Kind, type.EventType)).ToFrozenSet();

    private readonly record struct EventTypeKey(string Kind, string EventType);

    /// <summary>How the question for one type stands; asked by any thread, answered by the loop.</summary>
    private sealed class Question
    {
        private volatile string? _heldBackBy;
        private long _answeredAt;
        private int _isAsked;

        public string? HeldBackBy
        {
            get => _heldBackBy;
            set => _heldBackBy = value;
        }

        /// <summary>True for one caller at a time, and for a type that is held back only after a while.</summary>
        public bool MayAsk(TimeProvider time, TimeSpan again) =>
            (_heldBackBy is null || time.GetElapsedTime(Volatile.Read(ref _answeredAt)) >= again)
            && Interlocked.Exchange(ref _isAsked, 1) == 0;

        public void Answered(TimeProvider time)
        {
            Volatile.Write(ref _answeredAt, time.GetTimestamp());
            Volatile.Write(ref _isAsked, 0);
        }
    }

    [LoggerMessage(1, LogLevel.Information, "Event {EventType} of kind {Kind} is written from now on: every member reads it. A program that does not is refused")]
    private static partial void LogRegistered(ILogger logger, string eventType, string kind);

    [LoggerMessage(2, LogLevel.Warning, "{Reason}")]
    private static partial void LogHeldBack(ILogger logger, string reason);

    [LoggerMessage(3, LogLevel.Error, "Registering event {EventType} of kind {Kind} failed in an unexpected way; the next one tries again")]
    private static partial void LogFault(ILogger logger, Exception fault, string kind, string eventType);
}
