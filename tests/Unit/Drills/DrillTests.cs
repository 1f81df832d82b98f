using AkkaScale.Management.Nodes;
using AkkaScale.Management.Reports;
using AkkaScale.Pbm.Drills;
using AkkaScale.Pbm.Management;
using AkkaScale.Tests.Unit.Pbm;
using Microsoft.Extensions.Logging.Abstractions;

namespace AkkaScale.Tests.Unit.Drills;

public sealed class DrillTests
{
    private static readonly OrderDrill Kill = new(DrillKind.Kill, 0, IsReal: true, "test", "tests");

    [Theory]
    [InlineData(new[] { 1.0, 2, 3, 3.05, 5.4, 5.6 }, 3.0, 5.4)] // one answer was still on its way
    [InlineData(new[] { 1.0, 2, 3 }, 3.0, null)] // never again
    [InlineData(new[] { 1.0, 2, 2.9, 3.1, 3.3, 3.5 }, 3.0, 3.1)] // hardly a gap
    [InlineData(new[] { 0.1, 2.4, 2.6, 2.8, 5.9, 6.0 }, 2.7, 5.9)] // a slow beginning is no gap of the fault
    public void A_shard_is_back_at_the_end_of_its_longest_silence(double[] answers, double end, double? expected) => Assert.Equal(
        expected, ShardRecord.RecoveredAt([.. answers.Select(TimeSpan.FromSeconds)], TimeSpan.FromSeconds(end))?.TotalSeconds);

    [Theory]
    [InlineData(new[] { 0.9, 1.0, 1.1 }, 1.05, 1.2, null)] // it goes on
    [InlineData(new[] { 0.9, 1.0, 1.1 }, 1.05, 1.6, 1.1)] // silent until now
    [InlineData(new[] { 0.9, 1.0, 1.6, 1.7, 3.7 }, 1.05, 3.8, 1.0)] // the order came as it stopped
    [InlineData(new[] { 0.1, 0.9, 1.0, 1.1, 2.2, 2.3 }, 1.05, 2.4, 1.1)] // an earlier silence is another matter
    [InlineData(new double[0], 1.05, 9.0, null)] // it never answered: nothing is known
    public void A_node_stopped_when_it_answered_last_before_it_was_silent(double[] beats, double since, double now, double? expected) => Assert.Equal(
        expected,
        Pulse.StoppedAt([.. beats.Select(TimeSpan.FromSeconds)], TimeSpan.FromSeconds(since), TimeSpan.FromSeconds(now))?.TotalSeconds);

    [Fact]
    public async Task A_node_ends_itself_once_and_only_with_leave()
    {
        var settings = new NodeSettings("node-2", "sqlite", "127.0.0.1:8558", "127.0.0.1:8080", AllowDrills: false, new Dictionary<string, string>());
        Assert.Contains("AllowDrills", Drill(settings, new()).Answer(Kill).Refusal, StringComparison.Ordinal);

        var done = new TaskCompletionSource<OrderDrill>();
        var drill = Drill(settings with { AllowDrills = true }, done);
        Assert.Equal(new DrillReadiness(null, settings.GatewayBind, 0.1), drill.Answer(Kill with { IsReal = false }));
        Assert.False(done.Task.IsCompleted);

        Assert.Null(drill.Answer(Kill).Refusal);
        Assert.Contains("under way", drill.Answer(Kill).Refusal, StringComparison.Ordinal);
        Assert.Equal(Kill, await done.Task.WaitAsync(TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public void A_drill_is_predicted_by_what_is_done_and_by_region()
    {
        static PredictionsShape Predicted(double ended) => new(4, [], 2.6, [new("silence", 2.6)], 1.6, ended, [new("end", ended)]);
        Assert.Equal((0.7, 0.0, 4.0), Told(DrillPredictions.Of(Predicted(0.7), null)));
        Assert.Equal((2.6, 1.6, 4.0), Told(DrillPredictions.Of(Predicted(0.7), 10)));
        Assert.Equal((1.0, 1.0, 4.0), Told(DrillPredictions.Of(Predicted(0.7), 1)));
        Assert.Equal((2.6, 1.6, 4.0), Told(DrillPredictions.Of(Predicted(0.7) with { ExpectedEndSeconds = null }, null)));

        var plan = new DrillPlan("n", "1", "possible", 0.1, null, Predicted(1.3), [new("task", 1, "a"), new("task", 2, "b"), new("user", 1, "c")]);
        Assert.Equal([("task", 2, 1.3), ("user", 1, 1.3)], DrillPredictions.Regions(plan).Select(each => (each.Region, each.Shards, each.Predictions.Killed.Expected)));
        DrillRegionShape[] told = [new("task", 2, true, Predicted(1.3)), new("user", 1, false, Predicted(0.7))];
        Assert.Same(told, DrillPredictions.Regions(plan with { Regions = told }));

        static (double, double, double) Told(DrillPrediction prediction) =>
            (prediction.ExpectedSeconds, prediction.EarliestSeconds, prediction.WorstSeconds);
    }

    [Theory]
    [InlineData("task", "/tasks/drill-7")]
    [InlineData("user", "/users/drill-7")]
    [InlineData("project", "/projects/drill-7")]
    [InlineData("cart", null)]
    public void A_shard_is_read_by_its_region_s_route(string region, string? path) =>
        Assert.Equal(path, DrillProbe.Of(new DrillProbeShape(region, 3, "drill-7"))?.Path);

    [Theory]
    [InlineData("ok", 0)]
    [InlineData("notice", 0)]
    [InlineData("warning", 1)]
    [InlineData("critical", 4)]
    public async Task The_doctor_s_exit_code_is_by_severity(string worst, int exit)
    {
        await using var stub = await StubManagement.StartAsync();
        stub.Answers["/doctor"] = Doctor(worst);

        var (plain, output, errors) = await PbmProcess.RunAsync("doctor", "--node", stub.Address);
        var (json, document, _) = await PbmProcess.RunAsync("doctor", "--json", "--node", stub.Address);

        Assert.True(plain == exit && json == exit, $"{plain} {json} {errors}");
        Assert.Contains("store/slow: The store hesitates", output, StringComparison.Ordinal);
        Assert.Contains("expected 2.2 s", output, StringComparison.Ordinal);
        Assert.Contains($"1 finding, the worst: {worst}", output, StringComparison.Ordinal);
        Assert.Equal(worst, (string)System.Text.Json.Nodes.JsonNode.Parse(document)!["worst"]!);
    }

    private static NodeDrill Drill(NodeSettings settings, TaskCompletionSource<OrderDrill> done) =>
        new(settings, TimeProvider.System, NullLogger<NodeDrill>.Instance) { CarryOut = done.SetResult };

    private static string Doctor(string worst) => $$"""
        {"at":"2026-03-01T03:00:00Z","worst":"{{worst}}","predictions":{"failoverSeconds":4.2,"failoverTerms":[{"name":"the lease","seconds":4.2}],"expectedFailoverSeconds":2.2,
        "expectedFailoverTerms":[{"name":"the lease","seconds":2.2}],"earliestFailoverSeconds":1.7,"expectedEndSeconds":null,"expectedEndTerms":[]},
        "findings":[{"code":"store/slow","severity":"{{worst}}","title":"The store hesitates","what":"slow","consequence":"late","mend":"look"}]}
        """;
}
