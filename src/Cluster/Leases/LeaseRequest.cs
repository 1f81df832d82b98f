namespace AkkaScale.Cluster.Leases;

/// <summary>One call of Akka's Acquire: its answer, and whom to tell when the lease is lost.</summary>
internal sealed class LeaseRequest(Action<Exception> lost) : LeaseWaiter
{
    private readonly TaskCompletionSource<bool> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<bool> Answered => _answer.Task;

    public void Answer(bool acquired) => _answer.TrySetResult(acquired);

    public void TellLost(Exception reason) => lost(reason);
}
