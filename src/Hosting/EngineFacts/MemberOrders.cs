using System.Globalization;
using AkkaScale.Hosting.Facts;
using AkkaScale.Hosting.Options;
using AkkaScale.LegacyCluster;
using AkkaScale.LegacyCluster.Membership;
using Microsoft.AspNetCore.Http;

namespace AkkaScale.Hosting.EngineFacts;

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
    /// <exception cref="OrderRefusedException">No such member, several of that name, or it is over already.</exception>
    /// <exception cref="StoreUnavailableException">No answer of the store.</exception>
    public async Task<MemberOrderOutcome> LeaveAsync(string name, CancellationToken cancellationToken)
    {
        var session = inspection.Session();
        var member = await FindAsync(session, name, cancellationToken);
        if (member.Status == MemberStatus.Leaving)
        {
            return Outcome(member, MemberStatus.Leaving, $"{member.NodeName} is leaving already.", null);
        }

        MemberStatus[] from = [MemberStatus.Joining, MemberStatus.Up];
        await WriteAsync(session, member, from, MemberStatus.Leaving, "told to leave", cancellationToken);
        return Outcome(
            member, MemberStatus.Leaving,
            $"{member.NodeName} hands its shards over, leaves and ends its process with exit code 0; "
            + "a supervisor that restarts processes starts it again.",
            null);
    }

    /// <inheritdoc cref="LeaveAsync"/>
    public async Task<MemberOrderOutcome> DownAsync(string name, CancellationToken cancellationToken)
    {
        var session = inspection.Session();
        var member = await FindAsync(session, name, cancellationToken);
        await WriteAsync(session, member, Live, MemberStatus.Down, "forced down", cancellationToken);
        return Outcome(member, MemberStatus.Down, WordOfDown(member), LongestWait);
    }

    /// <summary>A member that is not over.</summary>
    /// <exception cref="OrderRefusedException">There is none of that name, or several.</exception>
    /// <exception cref="StoreUnavailableException">No answer of the store.</exception>
    public async Task<MemberFacts> ReadAsync(string name, CancellationToken cancellationToken)
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
    /// <exception cref="OrderRefusedException">It is no member.</exception>
    /// <exception cref="StoreUnavailableException">No answer of the store.</exception>
    public async Task<JoinOutcome> JoinAsync(string address, CancellationToken cancellationToken)
    {
        var members = (await inspection.Session().Store.Cluster.ReadAsync(cancellationToken)).Members;
        return members.FirstOrDefault(member => member.IsLive && IsNamed(member, address)) is { } member
            ? new JoinOutcome(
                $"{member.NodeName} is a member already, {member.Status.ToString().ToLowerInvariant()}.", inspection.AddressOf(member),
                member.NodeName)
            : throw Refused(
                "Nodes join by themselves",
                $"There is no member at {address}, and none can be told to join: start a node there with this cluster's store "
                + "(Store:Kind, Store:Path or Store:ConnectionString) and it joins by itself.");
    }

    private static async Task<MemberSnapshot> FindAsync(NodeSession session, string name, CancellationToken cancellationToken) =>
        Find((await session.Store.Cluster.ReadAsync(cancellationToken)).Members, name);

    private static async Task WriteAsync(
        NodeSession session, MemberSnapshot member, MemberStatus[] from, MemberStatus to, string what, CancellationToken cancellationToken)
    {
        var change = new StatusChange(member.Incarnation, from, to, null, $"{what} by an operator through {session.Self.NodeName}");
        var outcome = await session.Store.Cluster.ChangeStatusAsync(change, cancellationToken);
        if (outcome != WriteOutcome.Applied)
        {
            throw outcome == WriteOutcome.Unknown
                ? new StoreUnavailableException(
                    "The outcome is unknown: look at the members, and give the order again if it is still wanted.")
                : Refused("The member has changed", $"{member.NodeName} changed its status at the same moment; look at the members.");
        }

        session.Cluster.AnnounceChange();
    }

    private static MemberSnapshot Find(IReadOnlyCollection<MemberSnapshot> members, string name)
    {
        var named = members.Where(member => IsNamed(member, name)).ToArray();
        var live = named.Where(member => member.IsLive).ToArray();
        return live.Length switch
        {
            1 => live[0],
            > 1 => throw Refused(
                "Several members",
                $"{live.Length} live members are called {name}: name one by its nodeUid, "
                + $"{string.Join(" or ", live.Select(member => member.Incarnation))}."),
            _ when named.Length > 0 => throw Refused(
                "The member is over",
                $"{name} is {named[^1].Status.ToString().ToLowerInvariant()} already: {named[^1].Reason}."),
            _ => throw new OrderRefusedException(
                StatusCodes.Status404NotFound,
                $"There is no member {name}; live are {string.Join(", ", LiveNames(members))}.", "No such member"),
        };
    }

    private static bool IsNamed(MemberSnapshot member, string name)
    {
        var address = name[(name.LastIndexOf('@') + 1)..];
        return member.NodeName == name || member.Address == address
            || (Guid.TryParse(name, out var incarnation) && incarnation == member.Incarnation.Value);
    }

    private static IEnumerable<string> LiveNames(IEnumerable<MemberSnapshot> members) =>
        members.Where(member => member.IsLive).Select(member => member.NodeName).Order(StringComparer.Ordinal);

    private static OrderRefusedException Refused(string title, string message) => new(StatusCodes.Status409Conflict, message, title);

    private MemberOrderOutcome Outcome(MemberSnapshot member, MemberStatus status, string message, TimeSpan? takeoverWithin) => new(
        member.Incarnation.ToString(), inspection.AddressOf(member), member.NodeName, status.ToString(), message, takeoverWithin);

    private string WordOfDown(MemberSnapshot member) =>
        $"{member.NodeName} is declared down. If its process runs it drops all it owns within "
        + $"{Seconds(options.Cluster.RenewInterval)} s, says so, and joins anew as another incarnation; "
        + $"its shards are taken over then, at the latest after {Seconds(LongestWait)} s.";

    private static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture);
}
