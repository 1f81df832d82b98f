namespace AkkaScale.Cluster.Orders;

/// <summary>What an operator wants of a shard: that it moves to a node, or is at home there. A later one takes the place of an earlier one.</summary>
/// <param name="Region">Type name, as given to sharding.</param>
/// <param name="Shard">Its number.</param>
/// <param name="NodeName">As <see cref="Options.ClusterDatabaseOptions.NodeName"/> has it.</param>
/// <param name="By">Who gave it, for people.</param>
/// <param name="Reason">In the operator's words; may be empty.</param>
public sealed record ShardOrder(string Region, int Shard, string NodeName, string By, string Reason)
{
    public ShardOrderKind Kind { get; init; }

    /// <summary>When the database took it, by its clock. It tells one order from the next of the same shard.</summary>
    public DateTime At { get; init; }

    /// <summary>Every part that the database could not keep, in words; empty when all is well.</summary>
    public IEnumerable<string> Validate()
    {
        var texts = new[]
        {
            OrderText.Check(nameof(Region), Region, mayBeEmpty: false), OrderText.Check(nameof(NodeName), NodeName, mayBeEmpty: false),
            OrderText.Check(nameof(By), By, mayBeEmpty: true), OrderText.Check(nameof(Reason), Reason, mayBeEmpty: true),
        }.OfType<string>();
        return Shard < 0 ? texts.Prepend($"There is no shard {Shard}.") : texts;
    }
}
