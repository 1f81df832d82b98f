using AkkaScale.Management.Access;
using AkkaScale.Management.Answers;
using AkkaScale.Management.Facts;
using AkkaScale.Management.Inspection;
using AkkaScale.Management.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using static AkkaScale.Management.Api.ManagementResults;

namespace AkkaScale.Management.Api;

/// <summary>The log of a node, and its level. Entries may hold what entities hold: only operators read them.</summary>
internal static class LogEndpoints
{
    private const int DefaultLimit = 100;
    private const int MaxLimit = 1_000;
    private const double DefaultSeconds = 600;
    private const string DefaultSource = "AkkaScale";

    public static void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/nodes/{node}/log", ReadAsync).WithMetadata(new NeedsOperator());
        endpoints.MapGet("/nodes/{node}/log/level", (string node, MemberNames members, ManagedNodes nodes, CancellationToken stop) =>
            AnswerAsync(() => LevelAsync(node, new OrderLogLevel("", null, 0, IsReset: false, "", ""), members, nodes, stop)));
        endpoints.MapPost(
            "/nodes/{node}/log/level", (string node, HttpRequest request, MemberNames members, ManagedNodes nodes, CancellationToken stop) => AnswerAsync(async () =>
            {
                var order = Checked(await OrderBody.ReadAsync<LogLevelRequest>(request, stop));
                AuditNote.Of(request.HttpContext)?.Say(
                    target: order.IsReset ? $"{node} as configured" : FormattableString.Invariant($"{node} {order.Source} {LogWords.Of(order.Level!.Value)} for {order.Seconds} s"));
                return await LevelAsync(node, order, members, nodes, stop);
            }));
    }

    private static Task<IResult> ReadAsync(
        string node, MemberNames members, ManagedNodes nodes, string? level, long? after, int? limit, CancellationToken stop) => AnswerAsync(async () =>
    {
        var least = level is null ? LogLevel.Trace : LogWords.Read(level) ?? throw Wrong(
            $"There is no level {level}; there are {string.Join(", ", LogWords.Levels)}.");
        if (after is < 0 || limit is < 1 or > MaxLimit)
        {
            throw Wrong($"after must not be negative and limit must be 1 to {MaxLimit}.");
        }

        var member = await members.FindAsync(node, isLive: true, stop);
        var log = await nodes.LogAsync(member.Address, new AskLog(after, least, limit ?? DefaultLimit), stop) ?? throw Silent(member.Name, "");
        return new NodeLogAnswer(
            member.Name, member.Incarnation,
            [.. log.Entries.Select(entry => new LogEntryAnswer(entry.Nr, entry.At, LogWords.Of(entry.Level), entry.Source, entry.Message, entry.Exception))],
            log.Latest, log.Missed);
    });

    private static OrderLogLevel Checked(LogLevelRequest request)
    {
        MoveCheck.CheckText(request.Reason);
        MoveCheck.CheckText(request.By);
        var (source, seconds) = (request.Source ?? DefaultSource, request.Seconds ?? DefaultSeconds);
        if (!LogWords.MaySet(source))
        {
            throw Wrong("Levels are set of classes whose names begin with AkkaScale or Akka: what others would write may hold secrets.");
        }

        if (!(seconds is >= 1 and <= LogWords.MaxSeconds))
        {
            throw Wrong($"seconds is {seconds}: set 1 to {LogWords.MaxSeconds}.");
        }

        var level = request.Level is null ? (LogLevel?)null : LogWords.Read(request.Level) ?? throw Wrong(
            $"There is no level {request.Level}; there are {string.Join(", ", LogWords.Levels)}.");
        return new OrderLogLevel(source, level, seconds, IsReset: level is null, request.Reason ?? "", request.By ?? "");
    }

    private static async Task<LogLevelAnswer> LevelAsync(
        string node, OrderLogLevel order, MemberNames members, ManagedNodes nodes, CancellationToken stop)
    {
        var member = await members.FindAsync(node, isLive: true, stop);
        var state = await nodes.LogLevelAsync(member.Address, order, stop)
            ?? throw Silent(member.Name, ": what it was ordered may have been done or not");
        return new LogLevelAnswer(member.Name, state.Source, state.Level is { } level ? LogWords.Of(level) : null, state.Until);
    }

    private static OrderRefusedException Wrong(string detail) => new(StatusCodes.Status400BadRequest, detail);

    private static OrderRefusedException Silent(string node, string hint) => new(
        StatusCodes.Status503ServiceUnavailable, $"Node {node} does not answer{hint}.");
}
