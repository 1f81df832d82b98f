using AkkaScale.Journal.Writing;

namespace AkkaScale.Tests.Unit.Journal.Writing;

/// <summary>A lane's state with the effects of what was last said to it.</summary>
internal sealed class LaneConversation(LaneLimits? limits = null)
{
    public static readonly LaneLimits Wide = new(BatchRows: 1000, BatchBytes: 1_000_000, WaitingRequests: 1000, WaitingBytes: 10_000_000);

    private readonly LaneState _state = new();
    private readonly Dictionary<string, long> _numbers = [];

    public List<LaneEffect> Effects { get; } = [];

    public Batch? Sent => Effects.OfType<LaneEffect.Send>().SingleOrDefault()?.Batch;

    public IEnumerable<WriteRequest> Completed => Effects.OfType<LaneEffect.Complete>().SelectMany(effect => effect.Requests);

    public IEnumerable<WriteRequest> Failed => Effects.OfType<LaneEffect.Fail>().SelectMany(effect => effect.Requests);

    public void Say(LaneInput input)
    {
        Effects.Clear();
        LaneMachine.Step(_state, input, limits ?? Wide, Effects);
    }

    /// <summary>Accepts a write of one row and the entity's next number.</summary>
    public WriteRequest Accept(string persistenceId, string? lease = null, long epoch = 0, int bytes = 1)
    {
        var number = _numbers[persistenceId] = _numbers.GetValueOrDefault(persistenceId) + 1;
        var request = Request(persistenceId, number, lease, epoch, bytes);
        Say(new LaneInput.Accepted(request));
        return request;
    }

    public Batch Take()
    {
        Say(LaneInput.Take.Instance);
        return Sent!;
    }

    public void Answer(Batch batch, params bool[] held) => Say(new LaneInput.Answered(batch, held, new bool[held.Length]));

    public static WriteRequest Request(string persistenceId, long number, string? lease = null, long epoch = 0, int bytes = 1) =>
        new(persistenceId, new Slice(lease, epoch), [new JournalRow(number, 0, new byte[bytes], 1, "", null, [])]);
}
