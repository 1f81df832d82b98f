// Each test runs several processes: with more of them side by side they would starve each other's leases on a small machine.
[assembly: Xunit.CollectionBehavior(MaxParallelThreads = 2)]
