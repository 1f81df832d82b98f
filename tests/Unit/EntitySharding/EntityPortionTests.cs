using AkkaScale.Sharding.Inspection;
using AkkaScale.Sharding.Messages;

namespace AkkaScale.Tests.Unit.EntitySharding;

public sealed class EntityPortionTests
{
    [Fact]
    public void The_next_in_order_come_from_whichever_shard_has_them()
    {
        (int, IEnumerable<string>)[] shards = [(2, ["d", "a", "f"]), (0, ["c", "b"])];

        var first = EntityPortion.Of(shards, "", 3);
        Assert.Equal(["a/2", "b/0", "c/0"], first.Entities.Select(entity => $"{entity.Id}/{entity.Shard}"));
        Assert.True(first.IsCut);
        Assert.Equal([0, 2], first.Shards);

        var rest = EntityPortion.Of(shards, "c", 3);
        Assert.Equal(["d", "f"], rest.Entities.Select(entity => entity.Id));
        Assert.False(rest.IsCut);
    }

    [Fact]
    public void Order_is_ordinal_and_who_only_wakes_shards_is_no_entity()
    {
        Assert.Equal(["B", "a", "\u00e4"], EntityPortion.Of([(0, ["a", "B", "\u00e4", TouchShard.EntityId])], "", 10).Entities.Select(entity => entity.Id));
    }

    [Fact]
    public void What_is_too_large_for_a_message_is_cut()
    {
        var answer = EntityPortion.Of([(0, Enumerable.Range(0, 1_000).Select(number => $"{number:D4}{new string('x', 200)}"))], "", 1_000);

        Assert.True(answer.IsCut);
        Assert.InRange(answer.Entities.Count, 50, 110);
    }

    [Fact]
    public void Page_by_page_every_one_comes_once()
    {
        var ids = Enumerable.Range(0, 500).Select(number => $"e-{(number * 7919) % 500}").ToList();
        var (seen, after) = (new List<string>(), "");
        while (true)
        {
            var page = EntityPortion.Of([(0, ids.Take(250)), (1, ids.Skip(250))], after, 13);
            seen.AddRange(page.Entities.Select(entity => entity.Id));
            if (!page.IsCut)
            {
                break;
            }

            after = page.Entities[^1].Id;
        }

        Assert.Equal(ids.Order(StringComparer.Ordinal), seen);
    }
}
