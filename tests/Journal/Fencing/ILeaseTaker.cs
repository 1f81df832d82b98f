namespace AkkaScale.Tests.Journal.Fencing;

/// <summary>The other node: takes leases and looks at what their old owners wrote.</summary>
internal interface ILeaseTaker
{
    /// <summary>The new epoch.</summary>
    Task<long> TakeAsync(string lease, string owner);

    /// <summary>Takes the lease and then, in a statement of its own, counts the events of the old epoch.</summary>
    Task<long> TakeAndCountAsync(string lease, string owner, long oldEpoch);

    Task<long> CountAsync(string lease, long epoch);
}
