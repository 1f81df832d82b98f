using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace AkkaScale.Tests.Unit.Pbm;

public sealed class AuditCommandTests
{
    private const string Entry = """
        {"nr":%,"at":"2026-03-01T12:00:00Z","node":"node-1","who":"otto","by":"jo","role":"operator","remote":"127.0.0.1","method":"POST","path":"/shards/17/pin",
         "action":"shards/pin","target":"17 to node-2","why":"noisy \u001b[2J","status":200,"outcome":"allowed"}
        """;

    [Fact]
    public async Task The_audit_log_tells_who_did_what_and_why()
    {
        await using var stub = await StubManagement.StartAsync();
        stub.Answers["/audit?limit=50"] = $$"""{"entries":[{{Entry.Replace("%", "7", StringComparison.Ordinal)}}],"next":null}""";

        var (exit, output, errors) = await PbmProcess.RunAsync("audit", "--node", stub.Address);

        Assert.True(exit == 0, errors);
        Assert.Contains("otto (by jo)", output, StringComparison.Ordinal);
        Assert.Contains("POST shards/pin 17 to node-2", output, StringComparison.Ordinal);
        Assert.Contains("allowed 200", output, StringComparison.Ordinal);
        Assert.Contains(@"noisy \u{1b}[2J", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pages_are_joined_and_what_is_left_is_said()
    {
        await using var stub = await StubManagement.StartAsync();
        var page = string.Join(',', Enumerable.Range(0, 1_000).Select(row => Entry.Replace("%", $"{3_000 - row}", StringComparison.Ordinal)));
        stub.Answers["/audit?limit=1000&before=3001"] = $$"""{"entries":[{{page}}],"next":2001}""";
        stub.Answers["/audit?limit=1&before=2001"] = $$"""{"entries":[{{Entry.Replace("%", "2000", StringComparison.Ordinal)}}],"next":2000}""";

        var (exit, output, errors) = await PbmProcess.RunAsync("audit", "--limit", "1001", "--before", "3001", "--json", "--node", stub.Address);

        Assert.True(exit == 0, errors);
        var log = JsonDocument.Parse(output).RootElement;
        Assert.Equal(1_001, log.GetProperty("entries").GetArrayLength());
        Assert.Equal(2_000, log.GetProperty("next").GetInt64());
        Assert.Contains("--before 2000", (await PbmProcess.RunAsync("audit", "--limit", "1001", "--before", "3001", "--node", stub.Address)).Output);
    }

    [Fact]
    public async Task A_token_is_made_by_chance_and_its_line_holds_its_hash_alone()
    {
        var (exit, output, errors) = await PbmProcess.RunAsync("token", "create", "jo", "--role", "operator", "--json");
        Assert.True(exit == 0, errors);
        var made = JsonDocument.Parse(output).RootElement;
        var token = made.GetProperty("token").GetString()!;
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));

        Assert.Matches("^aks_[A-Za-z0-9_-]{43}$", token);
        Assert.Equal($"jo operator {hash}", made.GetProperty("line").GetString());
        Assert.Equal(hash, made.GetProperty("sha256").GetString());
        Assert.DoesNotContain(token, (await PbmProcess.RunAsync("token", "create", "jo", "--role", "operator")).Output);
    }

    [Theory]
    [InlineData("two words", "viewer")]
    [InlineData("anonymous", "viewer")]
    [InlineData("a#b", "viewer")]
    [InlineData("jo", "root")]
    public async Task A_name_or_a_role_that_cannot_be_is_refused(string name, string role) =>
        Assert.Equal(2, (await PbmProcess.RunAsync("token", "create", name, "--role", role)).ExitCode);

    [Theory]
    [InlineData("audit")]
    [InlineData("token", "create")]
    [InlineData("token", "hash")]
    public async Task Help_names_an_example(params string[] command)
    {
        var (exit, output, _) = await PbmProcess.RunAsync([.. command, "--help"]);

        Assert.Equal(0, exit);
        Assert.Contains($"  pbm {string.Join(' ', command)}", output, StringComparison.Ordinal);
    }
}
