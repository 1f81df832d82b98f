using AkkaScale.LegacyCluster.Membership;
using AkkaScale.LegacyCluster.Ownership;

namespace AkkaScale.Tests.Store.Model;

/// <summary>Shards change hands.</summary>
internal sealed partial class OperationSource
{
    private StoreOperation Acquire()
    {
        var rows = model.Read().Owners;
        var up = UpMembers();
        var self = up.Count > 0 && Chance(0.85) ? Pick(up) : Chance(0.5) ? Pick(_members) : Pick(_strangers);
        var tag = random.Next(8) switch { 0 => "old epoch", 1 => "other owner", 2 => "own", 3 => "any", _ => "free" };
        var wanted = Some(rows.Where(row => IsWanted(row, self, tag)).Select(row => row.Shard).DefaultIfEmpty(random.Next(StoreParty.ShardCount)), 4);
        var claims = wanted.Select(shard => new ShardClaim(
            shard,
            tag == "other owner" ? Pick(_strangers) : rows[shard].Owner,
            rows[shard].Epoch - (tag == "old epoch" ? 1 : 0)));
        return new StoreOperation.Acquire(self, [.. claims], Pick(["takeover", "reload"])) { Tag = tag };
    }

    private StoreOperation HandOver()
    {
        var (self, shards) = Owned();
        var up = UpMembers();
        var tag = random.Next(6) switch { 0 => "old epoch", 1 => "target not up", 2 => "not the owner", _ => "" };
        var target = tag == "target not up"
            ? Pick([.. _members.Where(member => !IsUp(member)), _strangers[0]])
            : up.Count > 0 ? Pick(up) : Pick(_members);
        var given = Some(shards, 3).Select(shard => new HandOver(
            shard.Shard, shard.Epoch - (tag == "old epoch" ? 1 : 0), target, $"h{_step}"));
        return new StoreOperation.HandOver(tag == "not the owner" ? _strangers[1] : self, [.. given]) { Tag = tag };
    }

    private StoreOperation Release()
    {
        var (self, shards) = Owned();
        var tag = random.Next(4) switch { 0 => "old epoch", 1 => "not the owner", _ => "" };
        var released = Some(shards, 2).Select(shard => shard with { Epoch = shard.Epoch - (tag == "old epoch" ? 1 : 0) });
        return new StoreOperation.Release(tag == "not the owner" ? _strangers[1] : self, [.. released]) { Tag = tag };
    }

    private bool IsWanted(ShardOwner row, Incarnation self, string tag) => tag switch
    {
        "own" => row.Owner == self,
        "free" => row.Owner is not { } owner || model.Read().Members.All(member => member.Incarnation != owner || member.IsGone),
        _ => true,
    };

    /// <summary>Somebody's shards, at their present epochs.</summary>
    private (Incarnation Owner, List<ShardEpoch> Shards) Owned()
    {
        var owned = model.Read().Owners.Where(row => row.Owner is not null).GroupBy(row => row.Owner!.Value).ToArray();
        if (owned.Length == 0)
        {
            return (Pick(_members), [new ShardEpoch(random.Next(StoreParty.ShardCount), 1)]);
        }

        var shards = Pick(owned);
        return (shards.Key, [.. shards.Select(row => new ShardEpoch(row.Shard, row.Epoch))]);
    }
}
