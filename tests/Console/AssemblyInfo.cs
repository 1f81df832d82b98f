// Each test runs several processes: side by side they would starve each other's leases on a small machine.
[assembly: Xunit.CollectionBehavior(DisableTestParallelization = true)]
