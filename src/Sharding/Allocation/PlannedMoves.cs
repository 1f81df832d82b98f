namespace AkkaScale.Sharding.Allocation;

/// <summary>Why a shard moves; what comes first is carried out first.</summary>
internal enum MoveStage
{
    Drain,
    Even,
    Load,
}

/// <summary>
/// Moves that nobody ordered for the shard itself, while a plan is made. A shard that goes on is moved once, from where it is to where it ends, and
/// not at all where that is the same.
/// </summary>
internal sealed class PlannedMoves
{
    private readonly Dictionary<int, (MoveStage Stage, int Nr, AllocationMove Move)> _moves = [];

    public int Count => _moves.Count;

    /// <summary>Those that make members even by shard, as they depend on nothing; all others in the order in which they were planned.</summary>
    public IEnumerable<AllocationMove> InOrder => _moves.Values
        .Where(each => each.Move.From != each.Move.To)
        .OrderBy(each => each.Stage)
        .ThenBy(each => each.Stage == MoveStage.Even ? each.Move.Shard : each.Nr)
        .Select(each => each.Move);

    public void Add(MoveStage stage, int shard, Seat from, Seat to, string reason) => _moves[shard] = _moves.TryGetValue(shard, out var former)
        ? former with { Move = former.Move with { To = to.Address } }
        : (stage, _moves.Count, new AllocationMove(shard, from.Address, to.Address, reason));
}
