using AkkaScale.Pbm.Load.Model;
using AkkaScale.Pbm.Terminal;

namespace AkkaScale.Pbm.Load.Replay;

/// <summary>The accounts of a run. Bounded: findings are counted, the first few kept.</summary>
public sealed class LoadStatistics(TimeProvider time)
{
    public const int FindingsKept = 20;

    private readonly Lock _lock = new();
    private readonly Dictionary<(LoadStep Step, string Code), long> _refusals = [];
    private readonly Dictionary<string, long> _retries = [];
    private readonly List<Finding> _failures = [];
    private readonly List<Finding> _differences = [];
    private long _started;
    private long _lastAnswer;

    public long Attempts { get; private set; }

    public long Acknowledged { get; private set; }

    public long Unchanged { get; private set; }

    public long Replayed { get; private set; }

    public long Refused { get; private set; }

    public long Failed { get; private set; }

    /// <summary>Not sent because an earlier command of the same entity failed.</summary>
    public long Skipped { get; private set; }

    public long Differences { get; private set; }

    public LatencyHistogram Latency { get; } = new();

    public (TimeSpan Elapsed, LoadCommand Command, int Attempts)? Longest { get; private set; }

    /// <summary>The longest time in which no command at all was answered.</summary>
    public TimeSpan LongestGap { get; private set; }

    public TimeSpan Duration { get; private set; }

    public IReadOnlyDictionary<(LoadStep Step, string Code), long> Refusals => _refusals;

    public IReadOnlyDictionary<string, long> Retries => _retries;

    public IReadOnlyList<Finding> FirstFailures => _failures;

    public IReadOnlyList<Finding> FirstDifferences => _differences;

    public long Done
    {
        get
        {
            lock (_lock)
            {
                return Acknowledged + Refused + Failed + Skipped;
            }
        }
    }

    public void Start() => _started = _lastAnswer = time.GetTimestamp();

    /// <summary>The gap up to here counts too: a run may end in silence.</summary>
    public void Stop()
    {
        lock (_lock)
        {
            CloseGap_NeedsLock();
            Duration = time.GetElapsedTime(_started);
        }
    }

    public void Retry(string reason)
    {
        lock (_lock)
        {
            Attempts++;
            _retries[reason] = _retries.GetValueOrDefault(reason) + 1;
        }
    }

    /// <param name="before">The entity's last acknowledged version.</param>
    public void Record(LoadCommand command, CallOutcome outcome, long before)
    {
        lock (_lock)
        {
            Attempts++;
            Latency.Record(outcome.Elapsed);
            if (Longest is null || outcome.Elapsed > Longest.Value.Elapsed)
            {
                Longest = (outcome.Elapsed, command, outcome.Attempts);
            }

            if (outcome.Failure is not null)
            {
                Failed++;
                Keep(_failures, command, $"{outcome.Failure} ({Counted.Of(outcome.Attempts, "attempt")})");
                return;
            }

            CloseGap_NeedsLock();
            Count_NeedsLock(command, outcome.Answer!, before);
            if (AnswerCheck.Compare(command, before, outcome.Answer!) is { } difference)
            {
                Differences++;
                Keep(_differences, command, difference);
            }
        }
    }

    public void Skip(int commands)
    {
        lock (_lock)
        {
            Skipped += commands;
        }
    }

    private void Count_NeedsLock(LoadCommand command, GatewayAnswer answer, long before)
    {
        Replayed += answer.Replayed ? 1 : 0;
        if (answer.IsRefusal)
        {
            Refused++;
            var cause = (command.Step, answer.Code!);
            _refusals[cause] = _refusals.GetValueOrDefault(cause) + 1;
            return;
        }

        Acknowledged++;
        Unchanged += answer.Status == 200 && answer.Version <= before ? 1 : 0;
    }

    private void CloseGap_NeedsLock()
    {
        var now = time.GetTimestamp();
        var gap = time.GetElapsedTime(_lastAnswer, now);
        LongestGap = gap > LongestGap ? gap : LongestGap;
        _lastAnswer = now;
    }

    private static void Keep(List<Finding> findings, LoadCommand command, string problem)
    {
        if (findings.Count < FindingsKept)
        {
            findings.Add(new Finding(command.Line, command.StepName, command.Entity, problem));
        }
    }
}
