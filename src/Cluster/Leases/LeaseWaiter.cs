namespace AkkaScale.Cluster.Leases;

/// <summary>Who asked for a lease. To the rules it is only somebody; the shell derives from it to find the answer's and the loss's receiver.</summary>
internal abstract class LeaseWaiter;
