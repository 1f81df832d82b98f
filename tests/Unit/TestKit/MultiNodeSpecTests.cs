using System.Diagnostics;
using AkkaScale.TestKit;
using AkkaScale.TestKit.Processes;

namespace AkkaScale.Tests.Unit.TestKit;

/// <summary>Scripts and barriers, without processes; what is done to processes is tested by the multi-node specs themselves.</summary>
public sealed class MultiNodeSpecTests
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(20);

    private readonly MultiNodeSpec _spec = new(role => new NodeProcessSettings(new NodeProgram("false", [], "/")) { Name = role });

    [Fact]
    public async Task Nobody_passes_a_barrier_before_all_have_come_to_it()
    {
        var (written, seen) = (0, -1);
        await _spec.RunAsync(
            Bound,
            ("writer", async role =>
            {
                await Task.Yield();
                written = 5;
                await role.BarrierAsync("written");
                await role.BarrierAsync("read");
                written = 6;
            }
        ),
            ("reader", async role =>
            {
                await role.BarrierAsync("written");
                seen = Volatile.Read(ref written);
                await role.BarrierAsync("read");
            }
        ));
        Assert.Equal((6, 5), (written, seen));
    }

    [Fact]
    public async Task The_first_failure_ends_the_others_and_is_told_with_its_role()
    {
        var wasStopped = false;
        var failure = await FailsAsync(
            Bound,
            ("first", role => throw new InvalidOperationException("the disk is full")),
            ("second", async role =>
            {
                try
                {
                    await role.BarrierAsync("never");
                }
                finally
                {
                    wasStopped = role.Stop.IsCancellationRequested;
                }
            }
        ));
        Assert.Equal("The script of first failed: the disk is full", failure);
        Assert.True(wasStopped);
    }

    [Fact]
    public async Task A_script_that_ends_without_coming_to_a_barrier_does_not_keep_the_others_waiting()
    {
        var failure = await FailsAsync(Bound, ("first", _ => Task.CompletedTask), ("second", role => role.BarrierAsync("written")));
        Assert.Equal("The script of second failed: The script of first has ended without coming to barrier \"written\".", failure);
    }

    [Fact]
    public async Task The_bound_says_where_everybody_was()
    {
        var failure = await FailsAsync(
            TimeSpan.FromSeconds(2), ("first", role => role.BarrierAsync("written")), ("second", role => Task.Delay(Bound, role.Stop)));
        Assert.Equal("The scripts did not end within 2 s. first is at barrier \"written\"; second is in its script.", failure);
    }

    [Fact]
    public async Task A_barrier_is_for_one_meeting()
    {
        var failure = await FailsAsync(Bound, ("only", async role =>
        {
            await role.BarrierAsync("twice");
            await role.BarrierAsync("twice");
        }
        ));
        Assert.Contains("comes to barrier \"twice\" for the second time", failure);
    }

    [Fact]
    public async Task A_process_that_ends_instead_of_becoming_ready_is_told_at_once()
    {
        var clock = Stopwatch.StartNew();
        var failure = await Assert.ThrowsAsync<SpecFailedException>(() => _spec.StartAsync("node-1"));
        Assert.StartsWith("node-1 ended with exit code 1 before it was ready", failure.Message, StringComparison.Ordinal);
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(30));
        Assert.True(_spec["node-1"].HasExited);
        await _spec.DisposeAsync();
    }

    [Fact]
    public async Task What_needs_a_network_or_a_process_says_so()
    {
        await Assert.ThrowsAsync<InvalidOperationException>(() => _spec.CutAsync("first", "second"));
        Assert.Contains("No process was started for role first", Assert.Throws<SpecFailedException>(() => _spec["first"]).Message);
        Assert.Contains("is missing: build it", Assert.Throws<SpecFailedException>(() => NodeProgram.Of("/nowhere/Some.dll")).Message);
    }

    private async Task<string> FailsAsync(TimeSpan within, params (string, Func<SpecRole, Task>)[] scripts) =>
        (await Assert.ThrowsAsync<SpecFailedException>(() => _spec.RunAsync(within, scripts))).Message;
}
