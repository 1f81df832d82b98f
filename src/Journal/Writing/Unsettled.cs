namespace AkkaScale.Journal.Writing;

/// <summary>One entity's accepted requests without an outcome, and the recoveries that wait for them.</summary>
internal sealed class Unsettled
{
    public int Requests { get; set; }

    public List<RecoveryWaiter>? Waiters { get; set; }
}
