using System.Text.Json;
using AkkaScale.Pbm.Load;
using AkkaScale.Pbm.Load.Model;
using AkkaScale.Pbm.Load.Replay;
using AkkaScale.Pbm.Load.Report;
using AkkaScale.Pbm.Load.Run;
using AkkaScale.Pbm.Terminal;
using AkkaScale.Pbm.Traces;
using Xunit;

namespace AkkaScale.Tests.Unit.Pbm;

public sealed class LoadTests
{
    private const string SmallTrace = """
        ann p1 t1 edit
        ann p1 t1 create First
        bob p1 t2 create Other
        bob p2 t1 rename Second
        ann p1 t1 edit
        ann p1 t2 edit
        ann p1 t2 close
        ann p1 t2 close
        bob p1 t1 edit
        bob p1 t1 create Odd
        bob p2 t2 rename Late
        ann p2 t3 close
        """;

    [Fact]
    public async Task A_clean_run_is_accounted_for_and_reads_back_equal()
    {
        await using var stub = await StubGateways.StartAsync(2);

        var report = await RunAsync(stub, TraceText.Parse(SmallTrace));

        AssertOk(report);
        Assert.Equal(new CommandCounts(17, 17, 12, 0, 0, 5, 0, 0, 0), report.Commands);
        Assert.Equal<RefusalCount>(
            [new("task/already-done", "move", 1, 1), new("task/already-done", "complete", 1, 1), new("task/exists", "create", 1, 1),
                new("task/not-found", "comment", 1, 1), new("task/not-found", "complete", 1, 1)],
            report.Refusals);
        Assert.Equal((true, 7L, 3L, 0L), (report.Verification!.Complete, report.Verification.Entities, report.Verification.Comments, report.Verification.Mismatches));
        Assert.Equal([0, 1], stub.Requests.Select(request => request.Gateway).Distinct().Order());
    }

    [Fact]
    public async Task Broken_connections_and_busy_answers_are_repeated_with_the_same_key_and_body_until_they_succeed()
    {
        await using var stub = await StubGateways.StartAsync(3);
        stub.Fault = request => (request.Number % 11) switch
        {
            1 => StubFault.DropAfter,
            2 => StubFault.Unavailable,
            3 => StubFault.DropBefore,
            4 => StubFault.Overloaded,
            _ => StubFault.None,
        };

        var report = await RunAsync(stub, Generate(400));

        AssertOk(report);
        Assert.Equal((0L, 0L), (report.Commands.Failed, report.Differences.Count));
        Assert.True(report.Commands.Replayed > 0, "no answer was replayed though commands took effect before their connection broke");
        Assert.Equal(report.Commands.Attempts, stub.Requests.Count(request => request.Key is not null));
        Assert.Equal(report.Commands.Attempts - report.Commands.Planned, report.Retries.Sum(retry => retry.Count));
        Assert.Contains(report.Retries, retry => retry.Reason == "connection");
        Assert.Contains(report.Retries, retry => retry.Reason.StartsWith("503", StringComparison.Ordinal));
        Assert.All(
            stub.Requests.Where(request => request.Key is not null).GroupBy(request => request.Key),
            attempts => Assert.Single(attempts.Select(attempt => (attempt.Method, attempt.Entity, attempt.Verb, attempt.Body, attempt.User)).Distinct()));
    }

    [Fact]
    public async Task Commands_of_one_task_arrive_in_trace_order_and_different_tasks_side_by_side()
    {
        await using var stub = await StubGateways.StartAsync(2);

        // The first is held until its attempt is given up, so that others are seen beside it however fast answers are.
        stub.Fault = request => request.Number == 1 ? StubFault.Hang : request.Number % 5 == 0 ? StubFault.DropAfter : StubFault.None;

        await RunAsync(stub, Generate(600), concurrency: 16, attemptTimeout: TimeSpan.FromSeconds(2));

        foreach (var task in stub.Requests.Where(request => request.Key is not null && request.Entity.StartsWith("task/", StringComparison.Ordinal)).GroupBy(request => request.Entity))
        {
            var lines = task.Select(request => int.Parse(request.Key!.Split('-')[1])).ToList();
            Assert.Equal(lines.Order(), lines);
        }

        Assert.InRange(stub.MostInFlight, 2, 16);
    }

    [Fact]
    public async Task A_gateway_that_dies_in_the_middle_causes_no_failure()
    {
        await using var stub = await StubGateways.StartAsync(3);
        var killed = Task.CompletedTask;
        stub.Fault = request =>
        {
            if (request.Number == 300)
            {
                killed = Task.Run(() => stub.KillAsync(0));
            }

            return StubFault.None;
        };

        var report = await RunAsync(stub, Generate(1_000));
        await killed;

        AssertOk(report);
        Assert.Equal(0, report.Verification!.Mismatches);
    }

    [TraceDataFact]
    public async Task The_beginning_of_the_real_trace_survives_flaky_gateways_and_reads_back_equal()
    {
        await using var stub = await StubGateways.StartAsync(3);
        stub.Fault = request => (request.Number % 97) switch
        {
            1 => StubFault.DropAfter,
            2 => StubFault.Unavailable,
            _ => StubFault.None,
        };

        var report = await RunAsync(stub, [.. TraceReader.ReadFile(TraceDataFile.Path!, limit: 6_000)], concurrency: 64);

        AssertOk(report);
        Assert.Equal(6_000, report.Actions);
        Assert.Equal(report.Commands.Planned, report.Commands.Acknowledged + report.Commands.Refused);
    }

    [Fact]
    public async Task An_attempt_without_an_answer_is_given_up_and_repeated_elsewhere()
    {
        await using var stub = await StubGateways.StartAsync(2);
        stub.Fault = request => request.Number == 3 ? StubFault.Hang : StubFault.None;

        var report = await RunAsync(stub, TraceText.Parse(SmallTrace), attemptTimeout: TimeSpan.FromMilliseconds(300));

        AssertOk(report);
        Assert.Equal([new RetryCount("timeout", 1)], report.Retries);
        Assert.True(report.Pauses.LongestCommand >= 300, $"the longest command took {report.Pauses.LongestCommand} ms");
        Assert.Equal(2, report.Pauses.Attempts);
    }

    [Fact]
    public async Task A_second_run_over_the_same_trace_gets_the_first_answers_again()
    {
        await using var stub = await StubGateways.StartAsync(1);
        await RunAsync(stub, TraceText.Parse(SmallTrace));

        var report = await RunAsync(stub, TraceText.Parse(SmallTrace));

        AssertOk(report);
        Assert.Equal(report.Commands.Planned, report.Commands.Replayed);
    }

    [Fact]
    public async Task Read_back_fails_when_one_title_is_wrong()
    {
        await using var stub = await StubGateways.StartAsync(1);
        stub.Cluster.Lie = (entity, body) =>
        {
            if (entity == "task/t1")
            {
                body["title"] = "Forged";
            }
        };

        var report = await RunAsync(stub, TraceText.Parse(SmallTrace));

        Assert.Equal("failed", report.Outcome);
        var mismatch = Assert.Single(report.Verification!.First);
        Assert.Equal(("task/t1", "title", "Second", "Forged"), (mismatch.Entity, mismatch.Field, mismatch.Expected, mismatch.Actual));
        Assert.Equal(0, report.Differences.Count);
    }

    [Theory]
    [InlineData("swap")]
    [InlineData("text")]
    [InlineData("missing")]
    [InlineData("extra")]
    public async Task Read_back_fails_when_the_comments_differ(string how)
    {
        await using var stub = await StubGateways.StartAsync(1);
        stub.Cluster.Lie = (entity, body) =>
        {
            if (entity != "task/t1/comments")
            {
                return;
            }

            var items = body["items"]!.AsArray();
            switch (how)
            {
                case "swap":
                    var first = items[0];
                    items.RemoveAt(0);
                    items.Add(first);
                    break;
                case "text":
                    items[1]!["text"] = "other";
                    break;
                case "missing":
                    items.RemoveAt(1);
                    break;
                default:
                    items.Add(items[1]!.DeepClone());
                    break;
            }
        };

        var report = await RunAsync(stub, TraceText.Parse(SmallTrace));

        Assert.Equal("failed", report.Outcome);
        Assert.StartsWith("comment ", Assert.Single(report.Verification!.First).Field, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Read_back_finds_an_acknowledged_command_that_was_forgotten()
    {
        await using var stub = await StubGateways.StartAsync(1);
        stub.Cluster.Forget = request => request.Key == "trace-5-comment";

        var report = await RunAsync(stub, TraceText.Parse(SmallTrace));

        Assert.Equal("failed", report.Outcome);
        Assert.Equal(0, report.Differences.Count);
        Assert.Contains(report.Verification!.First, mismatch => mismatch is { Entity: "task/t1", Field: "commentCount", Expected: "2", Actual: "1" });
    }

    [Fact]
    public async Task Read_back_finds_a_task_that_should_not_exist()
    {
        await using var stub = await StubGateways.StartAsync(1);
        stub.Cluster.Apply(new StubRequest(0, 0, "PUT", "project/p2", "", """{"name":"p2","owner":"bob"}""", "k1", "bob"), 0, 0);
        stub.Cluster.Apply(new StubRequest(0, 0, "PUT", "task/t3", "", """{"project":"p2","title":"x"}""", "k2", "bob"), 0, 0);

        var report = await RunAsync(stub, TraceText.Parse(SmallTrace));

        Assert.Equal("failed", report.Outcome);
        Assert.Contains(report.Differences.First, difference => difference is { Line: 12, Step: "complete", Entity: "task/t3" });
        Assert.Contains(report.Verification!.First, mismatch => mismatch is { Entity: "task/t3", Field: "existence" });
    }

    [Fact]
    public async Task An_answer_at_another_version_than_the_models_is_a_difference()
    {
        await using var stub = await StubGateways.StartAsync(1);
        stub.Cluster.Apply(new StubRequest(0, 0, "PUT", "project/p1", "", """{"name":"p1","owner":"ann"}""", "k1", "ann"), 0, 0);
        stub.Cluster.Apply(new StubRequest(0, 0, "PUT", "task/t2", "", """{"project":"p1","title":"Other"}""", "k2", "bob"), 0, 0);
        stub.Cluster.Apply(new StubRequest(0, 0, "POST", "task/t2", "comment", """{"text":"x"}""", "k3", "bob"), 0, 0);

        var report = await RunAsync(stub, TraceText.Parse(SmallTrace));

        Assert.Equal("failed", report.Outcome);
        Assert.Contains(report.Differences.First, difference => difference is { Line: 3, Entity: "task/t2", Problem: "expected version 1, got 2" });
    }

    [Fact]
    public async Task An_unexpected_status_fails_the_command_and_the_rest_of_its_task_is_not_sent()
    {
        await using var stub = await StubGateways.StartAsync(1);
        stub.Fault = request => request.Key == "trace-4-move" ? StubFault.Internal : StubFault.None;

        var report = await RunAsync(stub, TraceText.Parse(SmallTrace));

        Assert.Equal("failed", report.Outcome);
        Assert.Equal((1L, 4L), (report.Commands.Failed, report.Commands.Skipped));
        var failure = Assert.Single(report.Failures);
        Assert.Equal((4, "move", "task/t1"), (failure.Line, failure.Step, failure.Entity));
        Assert.Contains("unexpected status 500", failure.Problem, StringComparison.Ordinal);
        Assert.DoesNotContain(stub.Requests, request => request.Key == "trace-5-comment");
    }

    [Fact]
    public async Task A_command_fails_when_its_deadline_passes_and_the_run_gives_up_after_the_allowed_failures()
    {
        await using var stub = await StubGateways.StartAsync(1);
        stub.Fault = _ => StubFault.Unavailable;

        var report = await RunAsync(stub, TraceText.Parse(SmallTrace), deadline: TimeSpan.FromSeconds(1), maxFailures: 2, concurrency: 1);

        Assert.Equal("gave up", report.Outcome);
        Assert.Equal((2L, 15L), (report.Commands.Failed, report.Commands.NotSent + report.Commands.Skipped));
        Assert.Contains("no answer within 1 s, last: 503 shard/unavailable", report.Failures[0].Problem, StringComparison.Ordinal);
        Assert.Null(report.Verification);
    }

    [Fact]
    public async Task An_interruption_ends_the_run_with_a_report_of_what_was_done()
    {
        await using var stub = await StubGateways.StartAsync(1);
        using var interrupt = new CancellationTokenSource();
        stub.Fault = request =>
        {
            if (request.Number == 100)
            {
                interrupt.Cancel();
            }

            return StubFault.None;
        };

        var report = await RunAsync(stub, Generate(500), cancellation: interrupt.Token);

        Assert.Equal("interrupted", report.Outcome);
        Assert.InRange(report.Commands.Acknowledged, 1, 100);
        Assert.True(report.Commands.NotSent > 0, "everything was sent before the interruption");
    }

    private static void AssertOk(LoadReport report) => Assert.True(report.Outcome == "ok", JsonSerializer.Serialize(report));

    private static List<TraceAction> Generate(int actions)
    {
        var random = new Random(actions);
        var lines = new List<string>();
        for (var i = 0; i < actions; i++)
        {
            var task = (int)(40 * Math.Pow(random.NextDouble(), 2));
            var words = $"u{random.Next(5)} p{random.Next(4)} t{task}";
            lines.Add(random.Next(20) switch
            {
                < 6 => $"{words} create Title {task}",
                < 16 => $"{words} edit",
                < 19 => $"{words} rename Title {random.Next(50)}",
                _ => $"{words} close",
            });
        }

        return TraceText.Parse(string.Join('\n', lines));
    }

    private static async Task<LoadReport> RunAsync(
        StubGateways stub, IReadOnlyList<TraceAction> actions, int concurrency = 8, TimeSpan? deadline = null,
        TimeSpan? attemptTimeout = null, int maxFailures = 100, CancellationToken cancellation = default)
    {
        var retry = new RetryOptions(deadline ?? TimeSpan.FromSeconds(60), attemptTimeout ?? TimeSpan.FromSeconds(20));
        var request = new LoadRequest("test", stub.Addresses, concurrency, int.MaxValue, Verify: true, retry, maxFailures);
        var run = new LoadRun(request, LoadPlan.From(actions), stub.Addresses, new Screen(json: true, noColor: true), TimeProvider.System);
        return await run.RunAsync(cancellation).WaitAsync(TimeSpan.FromMinutes(2), CancellationToken.None);
    }
}
