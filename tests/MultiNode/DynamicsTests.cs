using AkkaScale.Tests.Support;
using AkkaScale.Tests.Support.Dynamics;
using Xunit;
using Xunit.Abstractions;

namespace AkkaScale.Tests.MultiNode;

/// <summary>The short form of bench/dynamics.sh: clients at a steady rate notice nothing but waits.</summary>
[Collection(Stores.Collection)]
public sealed class DynamicsTests(Stores stores, ITestOutputHelper output)
{
    // A crash is answered within I6, about 4.5 s with the defaults; what goes beyond is a busy machine. A liveness bound.
    private static readonly TimeSpan CrashPause = TimeSpan.FromSeconds(12);

    [Theory]
    [MemberData(nameof(Stores.Both), MemberType = typeof(Stores))]
    public async Task Nobody_fails_and_versions_never_go_back_while_nodes_come_go_hang_and_die(string store)
    {
        string[] names = ["join", "leave", "kill-coordinator", "stop-1.5"];
        var faults = Fault.All.Where(fault => names.Contains(fault.Name)).ToArray();
        var report = await DynamicsRun.ExecuteAsync(await stores.CreateAsync(store), store, null, 3, 200, faults, output.WriteLine);
        output.WriteLine(report.ToString());
        Assert.Empty(report.Failures);
        Assert.Empty(report.Violations);
        Assert.All(report.Rows, row => Assert.InRange(row.LongestPauseMilliseconds, 0, CrashPause.TotalMilliseconds));
        Assert.Equal(names.Length, report.Rows.Count(row => row.Requests > 0));
    }
}
