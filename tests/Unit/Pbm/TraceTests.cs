using System.IO.Compression;
using AkkaScale.Pbm.Load.Model;
using AkkaScale.Pbm.Traces;
using Xunit;

namespace AkkaScale.Tests.Unit.Pbm;

public sealed class TraceTests
{
    private static readonly GeneratorOptions Options = new(Seed: 3, Actions: 20_000, Tasks: 1_500, Projects: 200, Users: 75);

    [Fact]
    public void The_same_seed_gives_the_same_trace_and_another_seed_another()
    {
        var trace = new TraceGenerator(Options).Generate().ToList();

        Assert.Equal(trace, new TraceGenerator(Options).Generate());
        Assert.NotEqual(trace, new TraceGenerator(Options with { Seed = 4 }).Generate());
    }

    [Fact]
    public void A_generated_trace_is_skewed_and_has_the_oddities_of_real_ones()
    {
        var trace = new TraceGenerator(Options).Generate().ToList();
        var plan = LoadPlan.From(trace);
        var commands = plan.Tasks.SelectMany(task => task.Commands).ToList();

        Assert.Equal(20_000, plan.Actions);
        Assert.InRange(plan.Tasks.Count, 1_000, 1_500);
        Assert.True(trace.GroupBy(action => action.Task).Max(task => task.Count()) > 100, "no task is busy");
        Assert.Contains(commands, command => command is { Step: LoadStep.Create, Expected: { IsRefusal: false, Changed: false } });
        Assert.Contains(commands, command => command is { Step: LoadStep.Comment, Expected.Code: "task/not-found" });
        Assert.Contains(commands, command => command is { Step: LoadStep.Move, Expected.Code: "task/not-found" });
        Assert.Contains(commands, command => command is { Step: LoadStep.Complete, Expected.Code: "task/not-found" });
        Assert.Contains(commands, command => command is { Step: LoadStep.Move, Expected.Code: "task/already-done" });
        Assert.Contains(commands, command => command is { Step: LoadStep.Complete, Expected.Code: "task/already-done" });
        Assert.Contains(commands, command => command is { Step: LoadStep.Rename, Expected.Changed: true });
        Assert.True(trace.Zip(trace.Skip(1), (first, second) => first.At <= second.At).All(inOrder => inOrder), "time goes back");
        Assert.True(trace.GroupBy(action => action.At).Any(second => second.Count() > 3), "no second is busy");
    }

    [Theory]
    [InlineData("trace.jsonl")]
    [InlineData("trace.jsonl.gz")]
    public void What_is_written_is_read_again_also_when_the_name_does_not_tell(string name)
    {
        using var folder = new TemporaryFolder();
        var trace = new TraceGenerator(Options with { Actions = 500 }).Generate().ToList();
        var path = Path.Combine(folder.Path, name);
        Assert.Equal(500, TraceWriter.WriteFile(path, trace));
        var renamed = Path.Combine(folder.Path, "renamed");
        File.Move(path, renamed);

        Assert.Equal(trace, TraceReader.ReadFile(renamed));
        Assert.Equal(trace.Take(7), TraceReader.ReadFile(renamed, limit: 7));
    }

    [Theory]
    [InlineData("""{"at":1,"user":"u","project":"p","task":"t","action":"create"}""", "a create needs a title")]
    [InlineData("""{"at":1,"user":"u","project":"p","action":"edit"}""", "task")]
    [InlineData("""{"at":1,"user":null,"project":"p","task":"t","action":"edit"}""", "user")]
    [InlineData("null", "null is not an action")]
    [InlineData("{", "")]
    public void A_line_that_is_no_action_is_named(string line, string problem)
    {
        const string good = """{"at":1,"user":"u","project":"p","task":"t","action":"edit"}""";

        var refused = Assert.Throws<TraceFormatException>(() => TraceText.ParseJson($"{good}\n\n{line}\n"));

        Assert.Equal(3, refused.Line);
        Assert.Contains(problem, refused.Message, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void A_cut_off_archive_is_refused()
    {
        var whole = new MemoryStream();
        using (var gzip = new GZipStream(whole, CompressionLevel.Fastest, leaveOpen: true))
        {
            TraceWriter.Write(gzip, new TraceGenerator(Options with { Actions = 2_000 }).Generate());
        }

        var cut = new MemoryStream(whole.ToArray()[..(int)(whole.Length / 2)]);

        Assert.Throws<TraceFormatException>(() => TraceReader.Read(cut).Count());
    }
}
