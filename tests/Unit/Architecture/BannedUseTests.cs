using Xunit;

namespace AkkaScale.Tests.Unit.Architecture;

public sealed class BannedUseTests
{
    public static TheoryData<string> Deterministic => [.. Boundaries.Deterministic];

    public static TheoryData<string> All => [.. Boundaries.Projects];

    [Theory]
    [MemberData(nameof(Deterministic))]
    public void Time_chance_and_identity_come_from_outside(string project)
    {
        using var assembly = CompiledAssembly.Of(project);
        Assert.Empty(assembly.Uses().Where(BannedUse.InDeterministicCode).Distinct());
    }

    [Theory]
    [MemberData(nameof(All))]
    public void A_machine_only_steps(string project)
    {
        using var assembly = CompiledAssembly.Of(project);
        Assert.Empty(assembly.Uses().Where(BannedUse.InMachine).Distinct());
    }

    [Fact]
    public void Every_banned_use_is_found_wherever_it_hides()
    {
        var found = UsesIn(nameof(BannedSamples)).Where(BannedUse.InDeterministicCode).Select(use => $"{use.Type}.{use.Member}").Distinct();
        Assert.Equal(
            [
                "System.DateTime.get_Now()",
                "System.DateTime.get_Today()",
                "System.DateTime.get_UtcNow()",
                "System.DateTimeOffset.get_Now()",
                "System.DateTimeOffset.get_UtcNow()",
                "System.Diagnostics.Stopwatch.GetTimestamp()",
                "System.Guid.CreateVersion7()",
                "System.Guid.NewGuid()",
                "System.Random..ctor()",
                "System.Random.get_Shared()",
                "System.Threading.Tasks.Task.Delay(System.Int32)",
                "System.Threading.Tasks.Task.Delay(System.TimeSpan, System.Threading.CancellationToken)",
                "System.Threading.Thread.Sleep(System.Int32)",
            ],
            found.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void What_is_allowed_is_not_found()
    {
        Assert.NotEmpty(UsesIn(nameof(AllowedSamples)));
        Assert.DoesNotContain(UsesIn(nameof(AllowedSamples)), use => BannedUse.InDeterministicCode(use));
    }

    [Theory]
    [InlineData(nameof(WaitingMachine), "System.Threading.Tasks.Task`1")]
    [InlineData(nameof(TimedMachine), "System.TimeProvider")]
    [InlineData(nameof(ThreadedMachine), "System.Threading.Thread")]
    [InlineData(nameof(ChanceMachine), "System.Random")]
    public void A_machine_that_does_more_is_found(string machine, string used) =>
        Assert.Contains(UsesIn(machine).Where(BannedUse.InMachine), use => use.Type == used);

    [Fact]
    public void A_machine_that_only_steps_is_not_found()
    {
        Assert.NotEmpty(UsesIn(nameof(PureMachine)));
        Assert.DoesNotContain(UsesIn(nameof(PureMachine)), use => BannedUse.InMachine(use));
    }

    private static List<CompiledAssembly.Use> UsesIn(string type)
    {
        using var assembly = new CompiledAssembly(typeof(BannedUseTests).Assembly.Location);
        return [.. assembly.Uses().Where(use => use.User.EndsWith($".{type}", StringComparison.Ordinal))];
    }
}
