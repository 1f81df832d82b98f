using AkkaScale.Management.Inspection;
using AkkaScale.Sharding.Messages;

namespace AkkaScale.Tests.Unit.Inspection;

public sealed class EntityPagesTests
{
    [Fact]
    public void A_page_ends_where_a_cut_answer_ends_so_that_none_is_skipped()
    {
        var (entities, isCut) = EntityPages.Merge("task", [("n1", Answer(isCut: true, "a", "c")), ("n2", Answer(isCut: false, "b", "d", "e"))], 10);

        Assert.Equal(["a@n1", "b@n2", "c@n1"], entities.Select(entity => $"{entity.Id}@{entity.Owner}"));
        Assert.True(isCut);
    }

    [Fact]
    public void A_page_is_no_longer_than_asked_and_the_last_says_so()
    {
        var (entities, isCut) = EntityPages.Merge("task", [("n1", Answer(isCut: false, "a", "c")), ("n2", Answer(isCut: false, "b"))], 2);
        Assert.Equal(["a", "b"], entities.Select(entity => entity.Id));
        Assert.True(isCut);

        Assert.False(EntityPages.Merge("task", [("n1", Answer(isCut: false, "a", "c"))], 2).IsCut);
    }

    [Fact]
    public void Shards_that_somebody_owns_and_nobody_told_of_are_unknown()
    {
        Assert.Equal(["task/1@n2"], EntityPages.Unknown(Sights.Usual, "task", null, [0]).Select(one => $"{one.Region}/{one.Shard}@{one.Owner}"));
        Assert.Empty(EntityPages.Unknown(Sights.Usual, "task", null, [0, 1]));
        Assert.Empty(EntityPages.Unknown(Sights.Usual, "task", 0, [0]));
        Assert.Single(EntityPages.Unknown(Sights.Usual, "task", 1, []));
    }

    [Fact]
    public void The_busiest_of_all_nodes_come_first_and_who_is_silent_is_named()
    {
        var busiest = EntityPages.Busiest(
            [
                ("n1", new BusiestAnswer([new BusyEntity("task", "a", 1, 20), new BusyEntity("task", "b", 1, 10)], 10)),
                ("n2", new BusiestAnswer([new BusyEntity("user", "u", 2, 30)], 20)),
                ("n3", null),
            ],
            2);

        Assert.Equal(["a 20 2", "u 30 1.5"], busiest.Entities.Select(busy => FormattableString.Invariant($"{busy.Id} {busy.Messages} {busy.PerSecond}")));
        Assert.Equal(["n3"], busiest.Unknown);
    }

    private static EntitiesAnswer Answer(bool isCut, params string[] ids) => new([.. ids.Select(id => new EntityInMemory(id, 0))], isCut, [0]);
}
