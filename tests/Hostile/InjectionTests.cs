using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using AkkaScale.TestKit.Processes;
using AkkaScale.Tests.Support;
using Xunit.Abstractions;
using static AkkaScale.Tests.Hostile.RawHttp;

namespace AkkaScale.Tests.Hostile;

/// <summary>Newlines, escape codes and characters that turn the direction of text, wherever a caller may put a name.</summary>
[Collection(Arena.Collection)]
public sealed partial class InjectionTests(Arena arena, ITestOutputHelper output)
{
    private const string Evil = "x\r\n2026-01-01T00:00:00.000Z fatal Forged: all is lost\u001b[2J\u001b]0;owned\u0007\u009b31m\u202Etxt.exe\u2028\u0000";

    private static readonly TimeSpan PbmBound = TimeSpan.FromSeconds(60);

    private static string EvilInJson => JsonSerializer.Serialize(Evil.TrimEnd('\0'));

    [Fact]
    public Task Names_reach_no_log_and_no_terminal_as_they_are() => arena.EndureAsync("log and terminal injection", output, async () =>
    {
        var (gateway, management) = (arena.Target.Settings.GatewayPort, arena.Target.Settings.ManagementPort);
        var escaped = Uri.EscapeDataString(Evil);
        var raw = Evil.Replace("\r\n", "\u000b", StringComparison.Ordinal);
        var id = $"\u202E\u200B{Guid.NewGuid():N}"; // no control character, so an id like another
        var path = $"/users/{Uri.EscapeDataString(id)}";

        Assert.Equal(201, StatusOf(await ExchangeAsync(gateway, Put(path, $$"""{"name":{{EvilInJson}}}"""))));
        (int Port, byte[] Request)[] attempts =
        [
            (gateway, Request($"GET /users/{escaped}")),
            (gateway, Request($"{raw} /users/x")),
            (gateway, Request("GET /users/x", $"X-Forwarded-For: {raw}\r\ntraceparent: {raw}\r\nUser-Agent: {raw}")),
            (gateway, Raw("PUT /users/x", $"X-Acting-User: {raw}\r\nContent-Type: application/json\r\nContent-Length: 2", "{}"u8)),
            (gateway, Request("GET /users/x", $"Idempotency-Key: {raw}")),
            (management, Request($"GET /cluster/where/user/{escaped}")),
            (management, Request($"GET /cluster/where/{escaped}/x")),
            (management, Request($"GET /entities/user/{escaped}/events")),
            (management, Request($"POST /nodes/{escaped}/drill", "Content-Type: application/json\r\nContent-Length: 2", "{}"u8)),
            (management, Json("POST /entities/user/x/passivate", $$"""{"reason":{{EvilInJson}},"by":{{EvilInJson}}}""")),
            (management, Json("POST /shards/user/1/move", $$"""{"node":{{EvilInJson}}}""")),
            (management, Request($"PUT /cluster/members/{escaped}?operation=Leave", "Content-Length: 0")),
            (management, Request($"PUT /cluster/members/x?operation={escaped}", "Content-Length: 0")),
        ];
        foreach (var (port, request) in attempts)
        {
            var answer = await ExchangeAsync(port, request);
            Assert.True(StatusOf(answer) is >= 200 and < 500, $"{Encoding.UTF8.GetString(request)}\n{answer}");
            Assert.DoesNotMatch(Control(), answer);
        }

        if (arena.Nginx is { } nginx)
        {
            await ExchangeAsync(nginx.Port, Request($"GET /users/{escaped}", $"X-Request-Id: {raw}"));
        }

        Assert.All(arena.Cluster.Nodes, LogIsClean);

        foreach (var arguments in (string[][])
        [
            ["where", $"user/{id}"], ["entity", "events", $"user/{id}"], ["where", $"user/{Evil.TrimEnd('\0')}"], ["where", $"{Evil.TrimEnd('\0')}/x"], ["shards", "move", "user/1", Evil.TrimEnd('\0')], ["cluster", "show"],
        ])
        {
            var run = await PbmAsync(arguments);
            Assert.True(run.ExitCode is 0 or 1 or 64 or 2 or 3, $"pbm {arguments[0]}: {run}");
            Assert.DoesNotMatch(Unsafe(), run.Output + run.Error);
            Assert.DoesNotContain("a fault of pbm", run.Error);
        }

        return 1;
    });

    /// <summary>The product's own check of the whole journal, as an operator would run it.</summary>
    [Fact]
    public async Task Pbm_finds_the_journal_in_order()
    {
        var run = await PbmAsync(["journal", "verify"]);
        Assert.True(run.ExitCode == 0, run.ToString());
        Assert.Contains("0 violations", run.Output);
        Figures.Write(output, $"pbm journal verify: {run.Output.Split('\n')[0]}");
    }

    private static byte[] Json(string line, string body) =>
        Request(line, $"Content-Type: application/json\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}", Encoding.UTF8.GetBytes(body));

    private static void LogIsClean(NodeProcess node)
    {
        var log = node.Log;
        Assert.DoesNotMatch(Unsafe(), log.Replace("\n", "", StringComparison.Ordinal));

        // Every line is the command line, an entry of its own, or goes on from one.
        var strange = log.Split('\n').Where(line => line.Length > 0 && !Entry().IsMatch(line)).Take(3).ToList();
        Assert.True(strange.Count == 0, string.Join('\n', strange));
        Assert.DoesNotMatch("(?m)^2026-01-01T00:00:00.000Z fatal Forged", log);
    }

    private Task<ProgramRun> PbmAsync(string[] arguments) =>
        ProgramRun.ExecuteAsync("dotnet", [Repository.PbmProgram, .. arguments, "--node", arena.Target.Management.ToString()], PbmBound);

    [GeneratedRegex("[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]")]
    private static partial Regex Unsafe();

    /// <summary>JSON may hold the others: it is read by programs.</summary>
    [GeneratedRegex("[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]")]
    private static partial Regex Control();

    [GeneratedRegex(@"^(# |    |\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z (trace|debug|info |warn |error|fatal) [\w.]+: )")]
    private static partial Regex Entry();
}
