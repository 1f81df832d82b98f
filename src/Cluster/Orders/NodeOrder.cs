namespace AkkaScale.Cluster.Orders;

/// <summary>
/// What an operator wants of a node, until it is taken back: also of the next process of that name. A later one takes the place of an earlier one.
/// </summary>
/// <param name="NodeName">As <see cref="Options.ClusterDatabaseOptions.NodeName"/> has it.</param>
/// <param name="By">Who gave it, for people.</param>
/// <param name="Reason">In the operator's words; may be empty.</param>
public sealed record NodeOrder(string NodeName, NodeOrderKind Kind, string By, string Reason)
{
    /// <summary>When the database took it, by its clock.</summary>
    public DateTime At { get; init; }

    /// <summary>Every part that the database could not keep, in words; empty when all is well.</summary>
    public IEnumerable<string> Validate() => new[]
    {
        OrderText.Check(nameof(NodeName), NodeName, mayBeEmpty: false), OrderText.Check(nameof(By), By, mayBeEmpty: true),
        OrderText.Check(nameof(Reason), Reason, mayBeEmpty: true),
    }.OfType<string>();
}
