using AkkaScale.Cluster;
using AkkaScale.Cluster.Membership;
using AkkaScale.Hosting.Options;
using Microsoft.AspNetCore.Http;

namespace AkkaScale.Hosting.Management;

internal enum MemberOperation
{
    Down,
    Leave,
}

/// <param name="Status">What was written into the member's row.</param>
/// <param name="Message">What happens next, in words.</param>
/// <param name="TakeoverWithinSeconds">At the latest then its shards may be taken over, also if its process says nothing; null for a leave, which hands them over.</param>
internal sealed record MemberOrderAnswer(
    string Operation, string Name, string Node, string NodeUid, string Status, string Message, double? TakeoverWithinSeconds);

/// <summary>An order that cannot be carried out, with the status that says so.</summary>
internal sealed class MemberOrderException(int status, string title, string message) : Exception(message)
{
    public int Status { get; } = status;

    public string Title { get; } = title;
}

/// <summary>
/// Writes an order into a member's row. It is a row and no message, so that it also reaches a member that this node cannot reach, and holds
/// when this node dies next.
/// </summary>
internal sealed class MemberOrders(ClusterInspection inspection, AkkaScaleOptions options)
{
    private static readonly MemberStatus[] Live = [MemberStatus.Joining, MemberStatus.Up, MemberStatus.Leaving];

    /// <summary>Others see a Down at their next poll, wait the observed expiry and act at the poll after it.</summary>
    private TimeSpan LongestWait => options.Cluster.ObservedExpiry + (options.Cluster.PollInterval * 2);

    /// <param name="name">Node name, incarnation, host:port of the cluster port, or the whole node address.</param>
    /// <exception cref="MemberOrderException">No such member, several of that name, or it is over already.</exception>
    /// <exception cref="StoreUnavailableException">No answer of the store.</exception>
    public async Task<MemberOrderAnswer> CarryOutAsync(string name, MemberOperation operation, CancellationToken cancellationToken)
    {
        var session = inspection.Session();
        var member = Find((await session.Store.Cluster.ReadAsync(cancellationToken)).Members, name);
        if (operation == MemberOperation.Leave && member.Status == MemberStatus.Leaving)
        {
            return Answer(member, operation, $"{member.NodeName} is leaving already.");
        }

        var through = session.Self.NodeName;
        var outcome = await session.Store.Cluster.ChangeStatusAsync(
            operation == MemberOperation.Down
                ? new StatusChange(member.Incarnation, Live, MemberStatus.Down, null, $"forced down by an operator through {through}")
                : new StatusChange(
                    member.Incarnation, [MemberStatus.Joining, MemberStatus.Up], MemberStatus.Leaving, null, $"told to leave by an operator through {through}"),
            cancellationToken);
        if (outcome != WriteOutcome.Applied)
        {
            throw outcome == WriteOutcome.Unknown
                ? new StoreUnavailableException("The outcome is unknown: look at the members, and give the order again if it is still wanted.")
                : new MemberOrderException(
                    StatusCodes.Status409Conflict, "The member has changed", $"{member.NodeName} changed its status at the same moment; look at the members.");
        }

        session.Cluster.AnnounceChange();
        return Answer(member, operation, operation == MemberOperation.Down ? WordOfDown(member) : WordOfLeave(member));
    }

    /// <summary>A member that is not over.</summary>
    /// <exception cref="MemberOrderException">There is none of that name, or several.</exception>
    /// <exception cref="StoreUnavailableException">No answer of the store.</exception>
    public async Task<MemberAnswer> ReadAsync(string name, CancellationToken cancellationToken)
    {
        var reading = await inspection.Session().Store.Cluster.ReadAsync(cancellationToken);
        var named = MemberList.Shown(reading).Where(member => IsNamed(member, name)).ToList();
        return MemberList.Show(
            reading, options.Cluster.Name,
            named is [var down] && !down.IsLive ? down : Find([.. reading.Members.Where(member => !member.IsGone)], name));
    }

    /// <summary>
    /// Nobody is told to join: a node that is started on the store joins by itself. Says so, unless it has.
    /// </summary>
    /// <exception cref="MemberOrderException">It is no member.</exception>
    /// <exception cref="StoreUnavailableException">No answer of the store.</exception>
    public async Task<JoinAnswer> JoinAsync(string address, CancellationToken cancellationToken)
    {
        var members = (await inspection.Session().Store.Cluster.ReadAsync(cancellationToken)).Members;
        return members.FirstOrDefault(member => member.IsLive && IsNamed(member, address)) is { } member
            ? new JoinAnswer($"{member.NodeName} is a member already, {member.Status.ToString().ToLowerInvariant()}.", MemberList.NodeOf(options.Cluster.Name, member), member.NodeName)
            : throw new MemberOrderException(
                StatusCodes.Status409Conflict, "Nodes join by themselves",
                $"There is no member at {address}, and none can be told to join: start a node there with this cluster's store (Store:Kind, Store:Path or Store:ConnectionString) and it joins by itself.");
    }

    private static MemberSnapshot Find(IReadOnlyCollection<MemberSnapshot> members, string name)
    {
        var named = members.Where(member => IsNamed(member, name)).ToArray();
        var live = named.Where(member => member.IsLive).ToArray();
        return live.Length switch
        {
            1 => live[0],
            > 1 => throw new MemberOrderException(
                StatusCodes.Status409Conflict, "Several members",
                $"{live.Length} live members are called {name}: name one by its nodeUid, {string.Join(" or ", live.Select(member => member.Incarnation))}."),
            _ when named.Length > 0 => throw new MemberOrderException(
                StatusCodes.Status409Conflict, "The member is over",
                $"{name} is {named[^1].Status.ToString().ToLowerInvariant()} already: {named[^1].Reason}."),
            _ => throw new MemberOrderException(
                StatusCodes.Status404NotFound, "No such member",
                $"There is no member {name}; live are {string.Join(", ", members.Where(member => member.IsLive).Select(member => member.NodeName).Order(StringComparer.Ordinal))}."),
        };
    }

    private static bool IsNamed(MemberSnapshot member, string name)
    {
        var address = name[(name.LastIndexOf('@') + 1)..];
        return member.NodeName == name || member.Address == address
            || (Guid.TryParse(name, out var incarnation) && incarnation == member.Incarnation.Value);
    }

    private MemberOrderAnswer Answer(MemberSnapshot member, MemberOperation operation, string message) => new(
        operation.ToString(), member.NodeName, MemberList.NodeOf(options.Cluster.Name, member), member.Incarnation.ToString(),
        operation == MemberOperation.Down ? nameof(MemberStatus.Down) : nameof(MemberStatus.Leaving), message,
        operation == MemberOperation.Down ? Math.Round(LongestWait.TotalSeconds, 1) : null);

    private string WordOfDown(MemberSnapshot member) => FormattableString.Invariant(
        $"{member.NodeName} is declared down. If its process runs it drops all it owns within {options.Cluster.RenewInterval.TotalSeconds:0.0} s, says so, and joins anew as another incarnation; its shards are taken over then, at the latest after {LongestWait.TotalSeconds:0.0} s.");

    private static string WordOfLeave(MemberSnapshot member) =>
        $"{member.NodeName} hands its shards over, leaves and ends its process with exit code 0; a supervisor that restarts processes starts it again.";
}
