using AkkaScale.LegacyCluster;
using AkkaScale.LegacyJournal.Postgres;
using Microsoft.Extensions.Logging.Abstractions;
using Verdict = AkkaScale.LegacyJournal.Postgres.DatabaseGuard.Verdict;

namespace AkkaScale.Tests.Store.Postgres;

/// <summary>What a process that knows timeline 2 and generation 1 makes of what a server shows.</summary>
public sealed class DatabaseGuardTests
{
    private const string Before = "7/00000001";
    private const string Known = "7/00000002";
    private const string Later = "7/00000003";

    private readonly DatabaseGuard _guard = new(NullLogger.Instance);

    public DatabaseGuardTests() => _guard.Remember(Known, 1);

    [Fact]
    public void The_database_it_knows_is_the_same() => Assert.Equal(Verdict.Same, _guard.Look(Known, Known, 1));

    [Fact]
    public void A_promoted_server_makes_the_generation_rise()
    {
        Assert.Equal(Verdict.MustRaise, _guard.Look(Later, Known, 1));
        Assert.Equal(2, _guard.Next(1));
    }

    [Fact]
    public void Where_somebody_else_raised_the_generation_the_memory_of_the_process_is_over()
    {
        Assert.Equal(Verdict.Raised, _guard.Look(Known, Known, 2));
        Assert.Equal(Verdict.Raised, _guard.Look(Later, Later, 2));
    }

    [Theory]
    [InlineData(Before, Before, 0)]
    [InlineData(Known, Before, 0)]
    [InlineData(Known, Known, 0)]
    public void A_server_that_is_behind_is_a_former_primary(string observed, string recorded, long generation) =>
        Assert.Throws<StoreUnavailableException>(() => _guard.Look(observed, recorded, generation));

    [Fact]
    public void Another_server_is_not_used() => Assert.Throws<StoreUnavailableException>(() => _guard.Look("8/00000003", "8/00000003", 5));

    [Fact]
    public void A_second_failover_that_lost_the_raise_of_the_first_is_followed_by_a_generation_above_both()
    {
        Assert.Equal(Verdict.MustRaise, _guard.Look(Later, Before, 0));
        Assert.Equal(2, _guard.Next(0));
    }

    [Fact]
    public void And_if_somebody_who_knew_only_the_lost_one_raised_it_the_memory_of_the_process_is_over_all_the_same()
    {
        Assert.Equal(Verdict.Raised, _guard.Look(Later, Later, 1));
        Assert.Equal(Verdict.Raised, _guard.Look(Later, Later, 0));
    }

    [Fact]
    public void Who_knows_nothing_yet_raises_to_the_next()
    {
        var fresh = new DatabaseGuard(NullLogger.Instance);
        Assert.Equal(Verdict.MustRaise, fresh.Look(Later, Before, 4));
        Assert.Equal(5, fresh.Next(4));
    }
}
