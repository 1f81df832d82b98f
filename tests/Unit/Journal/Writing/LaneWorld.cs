using AkkaScale.Journal.Writing;

namespace AkkaScale.Tests.Unit.Journal.Writing;

/// <summary>
/// A lane with a database that loses answers, refuses connections and gives leases to others, and with checks of what must hold. Driven
/// by numbers, so that a failing history is found again by its seed and made short.
/// </summary>
internal sealed class LaneWorld
{
    private const int Entities = 6;
    private const int Leases = 3;

    private static readonly LaneLimits Limits = new(BatchRows: 4, BatchBytes: 2000, WaitingRequests: 12, WaitingBytes: 100_000);

    private readonly LaneState _state = new();
    private readonly Dictionary<string, long> _numbers = [];
    private readonly Dictionary<string, long> _book = Enumerable.Range(0, Leases).ToDictionary(Lease, _ => 1L);
    private readonly Dictionary<string, (bool Mine, long Epoch)> _table = Enumerable.Range(0, Leases).ToDictionary(Lease, _ => (true, 1L));
    private readonly List<WriteRequest> _committed = [];
    private readonly List<WriteRequest> _accepted = [];
    private readonly Dictionary<WriteRequest, bool> _outcomes = [];
    private readonly Dictionary<RecoveryWaiter, List<WriteRequest>> _recoveries = [];
    private LaneEffect? _next;

    /// <summary>One step of a history; <paramref name="op"/> and <paramref name="argument"/> may be any numbers.</summary>
    public void Do(int op, int argument)
    {
        switch (op % 8)
        {
            case 0 or 1 or 2:
                Accept($"e{argument % Entities}");
                break;
            case 3:
                Recover($"e{argument % Entities}");
                break;
            case 4:
                Steal(Lease(argument % Leases));
                break;
            default:
                Write(argument);
                break;
        }
    }

    /// <summary>The database behaves from here on: everything comes to an end.</summary>
    public void Finish()
    {
        for (var step = 0; _state.InFlight is not null || _state.Waiting.Count + _state.Again.Count > 0; step++)
        {
            Assert.InRange(step, 0, 10_000);
            Write(0);
        }

        Assert.All(_accepted, request => Assert.True(_outcomes.ContainsKey(request), "A request has no outcome."));
        Assert.All(_recoveries.Keys, recovery => Assert.True(recovery.Task.IsCompleted, "A recovery waits for ever."));
        Assert.Empty(_state.Unsettled);
        Assert.Equal(0, _state.WaitingBytes);
        foreach (var entity in _committed.GroupBy(request => request.PersistenceId))
        {
            var numbers = entity.Select(request => request.Rows[0].SequenceNr).ToList();
            Assert.Equal(numbers.Order(), numbers);
        }
    }

    private static string Lease(int lease) => $"s{lease}";

    private static string LeaseOf(string entity) => Lease((entity[1] - '0') % Leases);

    /// <summary>An entity whose rows the database never takes.</summary>
    private static bool IsGuilty(WriteRequest request) => request.PersistenceId == "e5";

    private void Accept(string entity)
    {
        var number = _numbers[entity] = _numbers.GetValueOrDefault(entity) + 1;
        var request = LaneConversation.Request(entity, number, LeaseOf(entity), _book[LeaseOf(entity)], bytes: 100);
        _accepted.Add(request);
        Say(new LaneInput.Accepted(request));
    }

    private void Recover(string entity)
    {
        var waiter = new RecoveryWaiter();
        _recoveries.Add(waiter, _accepted.Where(request => request.PersistenceId == entity && !_outcomes.ContainsKey(request)).ToList());
        Say(new LaneInput.Recovering(entity, waiter));
    }

    /// <summary>Another owner takes the lease, and this process, if it has noticed, takes it back.</summary>
    private void Steal(string lease)
    {
        var (mine, epoch) = _table[lease];
        _table[lease] = (!mine, epoch + 1);
        if (!mine)
        {
            _book[lease] = epoch + 1;
        }
    }

    private void Write(int fortune)
    {
        if (_next is LaneEffect.Settle(var unsettled, _))
        {
            Say(fortune % 4 == 3
                ? new LaneInput.NotSettled(unsettled)
                : new LaneInput.Settled(unsettled, Array.ConvertAll(unsettled.Requests, _committed.Contains)));
            return;
        }

        if (_next is not LaneEffect.Send(var batch))
        {
            Say(LaneInput.Take.Instance);
            return;
        }

        CheckBounds(batch);
        switch (fortune % 8)
        {
            case 4:
                Say(new LaneInput.NotSent(batch));
                break;
            case 5:
                Say(new LaneInput.Failed(batch, new TimeoutException("deadlock"), MayPass: true));
                break;
            case 6:
                Say(new LaneInput.Unknown(batch));
                break;
            case 7 when !batch.Requests.Any(IsGuilty):
                Commit(batch);
                Say(new LaneInput.Unknown(batch));
                break;
            default:
                Answer(batch);
                break;
        }
    }

    private void Answer(Batch batch)
    {
        var held = Held(batch);
        if (batch.Requests.Where((_, request) => held[batch.SliceOf(request)]).Any(IsGuilty))
        {
            Say(new LaneInput.Failed(batch, new InvalidOperationException("duplicate"), MayPass: false));
            return;
        }

        Commit(batch);
        Say(new LaneInput.Answered(batch, held, [.. batch.Slices.Select(slice => _book[slice.Lease!] > slice.Epoch)]));
    }

    private void Commit(Batch batch)
    {
        var held = Held(batch);
        foreach (var request in batch.Requests.Where((_, request) => held[batch.SliceOf(request)]))
        {
            Assert.DoesNotContain(request, _committed);
            _committed.Add(request);
        }
    }

    private bool[] Held(Batch batch) => [.. batch.Slices.Select(slice => _table[slice.Lease!] == (true, slice.Epoch))];

    private static void CheckBounds(Batch batch)
    {
        Assert.NotEmpty(batch.Requests);
        Assert.True(batch.Requests.Length == 1 || batch.Rows <= Limits.BatchRows, "A batch is above its bound.");
    }

    private void Say(LaneInput input)
    {
        var effects = new List<LaneEffect>();
        LaneMachine.Step(_state, input, Limits, effects);
        _next = input is LaneInput.Accepted or LaneInput.Recovering ? _next : null;
        foreach (var effect in effects)
        {
            switch (effect)
            {
                case LaneEffect.Complete(var requests):
                    Settle(requests, completed: true);
                    break;
                case LaneEffect.Fail(var requests, _):
                    Settle(requests, completed: false);
                    break;
                case LaneEffect.Release(var waiter):
                    Assert.All(_recoveries[waiter], request => Assert.True(_outcomes.ContainsKey(request), "Released too early."));
                    waiter.SetResult();
                    break;
                case LaneEffect.Send or LaneEffect.Settle:
                    Assert.Null(_next);
                    _next = effect;
                    break;
            }
        }
    }

    private void Settle(IEnumerable<WriteRequest> requests, bool completed)
    {
        foreach (var request in requests)
        {
            Assert.True(_outcomes.TryAdd(request, completed), "A request has two outcomes.");
            Assert.Equal(completed, _committed.Contains(request));
        }
    }
}
