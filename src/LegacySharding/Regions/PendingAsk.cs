using AkkaScale.LegacyCluster.Membership;
using AkkaScale.LegacySharding.Shards;

namespace AkkaScale.LegacySharding.Regions;

/// <summary>One attempt whose caller waits. The first outcome counts.</summary>
internal sealed class PendingAsk : TaskCompletionSource<AskOutcome>, IAskTarget
{
    public PendingAsk()
        : base(TaskCreationOptions.RunContinuationsAsynchronously)
    {
    }

    /// <summary>The peer it was sent to; default if it is local.</summary>
    public Incarnation Peer { get; init; }

    public void Complete(AskOutcome outcome) => TrySetResult(outcome);
}
