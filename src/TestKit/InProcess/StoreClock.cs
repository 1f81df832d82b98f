namespace AkkaScale.TestKit.InProcess;

/// <summary>
/// The store's clock in a cluster of one process: its wall clock is the driven one, against which due times are compared; its waits for
/// locks are the machine's, because what holds a lock is real work on a real disk.
/// </summary>
internal sealed class StoreClock(DrivenClock clock) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => clock.GetUtcNow();
}
