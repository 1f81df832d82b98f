using AkkaScale.Cluster.Leases;
using AkkaScale.Cluster.Storage;
using static AkkaScale.Tests.Unit.Cluster.Rows;

namespace AkkaScale.Tests.Unit.Cluster.Leases;

/// <summary>The book of "me", with the effects of what was last said to it.</summary>
internal sealed class LeaseConversation(int namesPerStatement = 10)
{
    private readonly LeaseLimits _limits = LeaseLimits.Of(Options) with { NamesPerStatement = namesPerStatement };

    public LeaseState State { get; } = new("me");

    public List<LeaseEffect> Effects { get; } = [];

    public TimeSpan Now { get; private set; } = At(10);

    /// <summary>Names of the acquire that was just sent, joined; null when none was.</summary>
    public string? SentAcquire => Effects.OfType<LeaseEffect.SendAcquire>().SingleOrDefault() is { } sent ? string.Join(",", sent.Names) : null;

    public string? SentRead => Effects.OfType<LeaseEffect.SendRead>().SingleOrDefault() is { } sent ? string.Join(",", sent.Names) : null;

    public string? SentRelease => Effects.OfType<LeaseEffect.SendRelease>().SingleOrDefault() is { } sent
        ? string.Join(",", sent.Claims.Select(claim => $"{claim.Name}{claim.Epoch}"))
        : null;

    public IEnumerable<(LeaseWaiter Waiter, bool Acquired)> Answers => Effects.OfType<LeaseEffect.Answer>().Select(answer => (answer.Waiter, answer.Acquired));

    public LeaseEffect.TellLost? Lost => Effects.OfType<LeaseEffect.TellLost>().SingleOrDefault();

    public LeaseWaiter Acquire(string name)
    {
        var waiter = new Waiter();
        Say(new LeaseInput.Acquire(name, waiter, Now));
        return waiter;
    }

    /// <summary>Acquires, and is answered.</summary>
    public LeaseWaiter Have(string name, long epoch)
    {
        var waiter = Acquire(name);
        Acquired((name, "me", epoch));
        return waiter;
    }

    public void Release(string name) => Say(new LeaseInput.Release(name, Now));

    public void Acquired(params (string Name, string? Owner, long Epoch)[] rows) => Say(new LeaseInput.Acquired(Rows(rows), Now));

    public void WereRead(params (string Name, string? Owner, long Epoch)[] rows) => Say(new LeaseInput.WereRead(Rows(rows), Now));

    public void Released() => Say(new LeaseInput.Released(Now));

    public void Failed() => Say(new LeaseInput.Failed(Now));

    public void Refused(string name, long epoch) => Say(new LeaseInput.Refused(name, epoch, Now));

    /// <summary>Lets time pass at once, and ticks.</summary>
    public void Wait(double seconds)
    {
        Now += At(seconds);
        Say(new LeaseInput.Tick(Now));
    }

    public void Say(LeaseInput input)
    {
        Effects.Clear();
        LeaseMachine.Step(State, input, _limits, Effects);
    }

    private static List<LeaseRow> Rows((string Name, string? Owner, long Epoch)[] rows) => [.. rows.Select(row => new LeaseRow(row.Name, row.Owner, row.Epoch))];

    private sealed class Waiter : LeaseWaiter;
}
