using AkkaScale.Tests.MultiNode.Clusters;
using AkkaScale.Tests.Support.Dynamics;
using Xunit.Abstractions;

namespace AkkaScale.Tests.MultiNode.Dynamics;

/// <summary>The short form of bench/dynamics.sh, which has more faults and both stores: clients at a steady rate notice nothing but waits.</summary>
[Collection(PostgresCluster.Collection)]
public sealed class DynamicsTests(PostgresCluster shared, ITestOutputHelper output)
{
    // A killed process costs a second or two; what goes beyond is a busy machine. A liveness bound.
    private static readonly TimeSpan CrashPause = TimeSpan.FromSeconds(12);

    [Fact]
    public async Task Nobody_fails_and_versions_never_go_back_while_the_coordinators_node_is_killed()
    {
        string[] names = ["kill-coordinator"];
        var faults = Fault.All.Where(fault => names.Contains(fault.Name)).ToArray();
        var report = await DynamicsRun.ExecuteAsync(await shared.MendedAsync(), shared.Store, null, 200, tasks: 400, faults, output.WriteLine);
        output.WriteLine(report.ToString());
        Assert.Empty(report.Failures);
        Assert.Empty(report.Violations);
        Assert.All(report.Rows, row => Assert.InRange(row.LongestPauseMilliseconds, 0, CrashPause.TotalMilliseconds));
        Assert.Equal(names.Length, report.Rows.Count(row => row.Requests > 0));
    }
}
