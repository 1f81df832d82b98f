using AkkaScale.Cluster.Storage;

namespace AkkaScale.Cluster.Leases;

internal abstract record LeaseEffect
{
    private LeaseEffect()
    {
    }

    /// <summary>Answered by <see cref="LeaseInput.Acquired"/> or <see cref="LeaseInput.Failed"/>.</summary>
    internal sealed record SendAcquire(IReadOnlyList<string> Names) : LeaseEffect;

    /// <summary>Answered by <see cref="LeaseInput.Released"/> or <see cref="LeaseInput.Failed"/>.</summary>
    internal sealed record SendRelease(IReadOnlyList<LeaseClaim> Claims) : LeaseEffect;

    /// <summary>Answered by <see cref="LeaseInput.WereRead"/> or <see cref="LeaseInput.Failed"/>.</summary>
    internal sealed record SendRead(IReadOnlyList<string> Names) : LeaseEffect;

    /// <summary>The answer to one Acquire; each gets exactly one.</summary>
    internal sealed record Answer(LeaseWaiter Waiter, bool Acquired) : LeaseEffect;

    /// <summary>The lease is another's. Told once for each epoch.</summary>
    /// <param name="Holders">Those that were answered that they have it, and did not give it back.</param>
    internal sealed record TellLost(string Name, long Epoch, IReadOnlyList<LeaseWaiter> Holders, string Reason) : LeaseEffect;
}
