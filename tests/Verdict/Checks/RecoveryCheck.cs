namespace AkkaScale.Tests.Verdict.Checks;

/// <summary>
/// I6: how long after a fault somebody asked an entity and nobody was answered. Only time counts in which someone waits, so an entity that is rarely
/// asked is not blamed for it; only an answer to what was asked after the fault began ends a wait, one under way may have been given before.
/// </summary>
internal sealed class RecoveryCheck
{
    private readonly IReadOnlyList<Fault> _faults;
    private readonly long[] _until;
    private readonly (long Wait, EntityHistory? Entity, int Asked)[] _worst;

    /// <param name="faults">By begin.</param>
    public RecoveryCheck(IReadOnlyList<Fault> faults, TimeSpan aftermath)
    {
        _faults = faults;
        _worst = new (long, EntityHistory?, int)[faults.Count];
        _until = new long[faults.Count];
        for (var index = 0; index < faults.Count; index++)
        {
            var end = faults[index].End;
            var next = faults.FirstOrDefault(other => other.Begin > end)?.Begin ?? long.MaxValue;
            _until[index] = Math.Min(end + (long)aftermath.TotalMicroseconds, next);
        }
    }

    /// <returns>In the order of the faults.</returns>
    public IReadOnlyList<FaultOutcome> Run(HistoryIndex index, IReadOnlyList<IReadOnlyList<Effect>> effects, long? bound, Findings findings)
    {
        if (_faults.Count > 0)
        {
            foreach (var entity in index.Entities.Where(entity => entity.Operations.Count > 0))
            {
                Walk(entity, index.History.End);
            }
        }

        var outcomes = new FaultOutcome[_faults.Count];
        for (var at = 0; at < outcomes.Length; at++)
        {
            var (wait, entity, asked) = _worst[at];
            var outcome = outcomes[at] = new(_faults[at], effects[at], wait, entity?.Name, asked, _faults[at].Bound ?? bound);
            findings.Checked += outcome.Bound is null ? 0 : 1;
            if (!outcome.IsWithinBound)
            {
                findings.Add(
                    $"{entity!.Name} was without an answer for {Moment.Span(wait)} after {_faults[at].Name} {_faults[at].Target} at {Moment.Of(_faults[at].Begin)}; {Moment.Span(outcome.Bound!.Value)} are allowed.",
                    entity.Name,
                    [.. entity.Operations.Where(operation => operation.Call >= _faults[at].Begin).OrderByDescending(operation => (operation.Return ?? index.History.End) - operation.Call).Take(2)]);
            }
        }

        return outcomes;
    }

    private void Walk(EntityHistory entity, long end)
    {
        var moments = Moments(entity, end);
        var open = new List<Watch>();
        var (nextFault, waiting) = (0, 0);
        foreach (var (at, isCall, operation) in moments)
        {
            for (; nextFault < _faults.Count && _faults[nextFault].Begin <= at; nextFault++)
            {
                // Who waits already goes on to wait, from the fault's begin.
                open.Add(new Watch(nextFault, _faults[nextFault].Begin, waiting > 0 ? _faults[nextFault].Begin : null));
            }

            waiting += isCall ? 1 : -1;
            for (var index = open.Count - 1; index >= 0; index--)
            {
                var watch = open[index];
                if (at > _until[watch.Fault] && watch.IsIdle)
                {
                    Close(entity, watch);
                    open.RemoveAt(index);
                    continue;
                }

                watch.Take(at, isCall, waiting, !isCall && operation.IsAnswered && operation.Call >= watch.Begin);
            }
        }

        foreach (var watch in open)
        {
            Close(entity, watch);
        }
    }

    private void Close(EntityHistory entity, Watch watch)
    {
        ref var worst = ref _worst[watch.Fault];
        worst.Asked += watch.WasAsked ? 1 : 0;
        if (watch.Longest > worst.Wait)
        {
            worst = (watch.Longest, entity, worst.Asked);
        }
    }

    /// <summary>Calls and returns in the order of time; what never returned ends with the run.</summary>
    private static (long At, bool IsCall, Operation Operation)[] Moments(EntityHistory entity, long end)
    {
        var moments = new (long At, bool IsCall, Operation Operation)[2 * entity.Operations.Count];
        var filled = 0;
        foreach (var operation in entity.Operations)
        {
            moments[filled++] = (operation.Call, true, operation);
            moments[filled++] = (operation.Return ?? Math.Max(end, operation.Call), false, operation);
        }

        // At one moment calls come first: an operation must not end before it began.
        Array.Sort(moments, static (one, other) => one.At != other.At ? one.At.CompareTo(other.At) : other.IsCall.CompareTo(one.IsCall));
        return moments;
    }

    /// <summary>One fault as one entity felt it.</summary>
    private sealed class Watch(int fault, long begin, long? since)
    {
        private long? _since = since;
        private long _waited;

        public int Fault { get; } = fault;

        public long Begin { get; } = begin;

        public long Longest { get; private set; }

        public bool WasAsked { get; private set; } = since is not null;

        /// <summary>Nobody waits, and nobody has waited in vain since the last answer.</summary>
        public bool IsIdle => _since is null && _waited == 0;

        public void Take(long at, bool isCall, int waiting, bool isProof)
        {
            if (isCall)
            {
                WasAsked = true;
                _since ??= at;
                return;
            }

            _waited += _since is { } from ? at - from : 0;
            Longest = Math.Max(Longest, _waited);
            _waited = isProof ? 0 : _waited;
            _since = waiting > 0 ? at : null;
        }
    }
}
