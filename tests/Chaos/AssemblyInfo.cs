// Each test runs several processes: side by side they would starve each other's leases on a small machine.
[assembly: Xunit.CollectionBehavior(DisableTestParallelization = true)]

// Network namespaces, signals and a preloaded library: there is no other system to run it on.
[assembly: System.Runtime.Versioning.SupportedOSPlatform("linux")]
