using AkkaScale.Cluster.Members;
using AkkaScale.Management.Answers;
using AkkaScale.Management.Facts;
using Microsoft.AspNetCore.Http;

namespace AkkaScale.Management.Inspection;

/// <summary>Finds the member that an operator means.</summary>
internal sealed class MemberNames(SystemInspection inspection)
{
    private const int Lookback = 200;

    /// <param name="name">Node name, incarnation, host:port of remoting, or the whole address.</param>
    /// <param name="isLive">False: one that is down, but not yet over, will do if there is no live one.</param>
    /// <exception cref="OrderRefusedException">No such member, several of that name, or it is over already.</exception>
    public async Task<NodeRow> FindAsync(string name, bool isLive, CancellationToken cancellationToken)
    {
        var members = inspection.Membership().Members;
        return Named(members, name) is [] && !cancellationToken.IsCancellationRequested
            ? Choose([.. await inspection.Membership().HistoryAsync(Lookback)], name, isLive)
            : Choose(members, name, isLive);
    }

    public static List<NodeRow> Named(IEnumerable<NodeRow> rows, string name)
    {
        var address = name[(name.LastIndexOf('@') + 1)..];
        var incarnation = Guid.TryParse(name, out var id) ? id.ToString("N") : null;
        return
        [
            .. rows.Where(row => row.Name == name || row.Incarnation == incarnation || row.Address == name
                || row.Address.EndsWith($"@{address}", StringComparison.Ordinal)),
        ];
    }

    public static NodeRow Choose(IReadOnlyList<NodeRow> rows, string name, bool isLive)
    {
        var named = Named(rows, name);
        var live = named.Where(row => row.IsLive).ToList();
        return (live.Count, named.Where(row => !row.IsGone).ToList()) switch
        {
            (1, _) => live[0],
            ( > 1, _) => throw Refused(
                "Several members",
                $"{live.Count} live members are called {name}: name one by its nodeUid, {string.Join(" or ", live.Select(row => row.Incarnation))}."),
            (_, [var down]) when !isLive => down,
            _ when named.Count > 0 => throw Refused(
                "The member is over", $"{name} is {Word(named.MaxBy(row => row.Incarnation, StringComparer.Ordinal)!)}."),
            _ => throw new OrderRefusedException(
                StatusCodes.Status404NotFound, $"There is no member {name}; live are {string.Join(", ", LiveNames(rows))}.", "No such member"),
        };
    }

    public static IEnumerable<string> LiveNames(IEnumerable<NodeRow> rows) =>
        rows.Where(row => row.IsLive).Select(row => row.Name).Distinct().Order(StringComparer.Ordinal);

    public static OrderRefusedException Refused(string title, string message) => new(StatusCodes.Status409Conflict, message, title);

    private static string Word(NodeRow row) =>
        $"{row.State.ToString().ToLowerInvariant()} already{(row.Reason is { Length: > 0 } reason ? $": {reason}" : "")}";
}
