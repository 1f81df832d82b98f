using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using AkkaScale.Tests.EndToEnd.Transcripts;
using AkkaScale.Tests.Support;
using Xunit;

namespace AkkaScale.Tests.EndToEnd;

/// <summary>The transcript of docs/pbm.md is what pbm prints: it is typed again against three real nodes. docs/transcript.sh writes it anew.</summary>
public sealed class TranscriptTests
{
    private const string Heading = "## Transcript";

    private static readonly string Document = Path.Combine(Repository.Root, "docs", "pbm.md");
    private static readonly IReadOnlyList<SessionLine> Session = SessionLine.Read(Path.Combine(Repository.Root, "docs", "pbm-session.txt"));

    [Fact]
    public async Task Every_command_prints_what_the_document_shows()
    {
        await using var cluster = await TranscriptCluster.StartAsync();
        var blocks = new List<TranscriptBlock>();
        foreach (var line in Session)
        {
            switch (line.Kind)
            {
                case '$':
                    blocks.Add(await cluster.TypeAsync(line));
                    break;
                case '!':
                    await cluster.ActAsync(line.Text);
                    break;
            }
        }

        Assert.All(blocks, block => Assert.False(block.Output.Contains(TranscriptBlock.Endless), $"{block.Command} did not end:\n{string.Join('\n', block.Output)}"));
        if (Environment.GetEnvironmentVariable("AKKASCALE_WRITE_TRANSCRIPT") is { Length: > 0 })
        {
            Write(blocks);
        }

        var documented = TranscriptBlock.Read(await TranscriptAsync());
        var commands = Session.Where(line => line.Kind == '$').ToList();
        Assert.Equal(commands.Select(line => line.Text), documented.Select(block => block.Command));
        var differences = commands.Zip(blocks, documented).Select(Compare).Where(difference => difference.Length > 0).ToList();
        Assert.True(differences.Count == 0, $"docs/transcript.sh writes it anew, if this is meant:\n{string.Join('\n', differences)}");
    }

    [Fact]
    public async Task No_command_is_left_out()
    {
        using var pbm = Process.Start(new ProcessStartInfo("dotnet", [Repository.PbmProgram, "commands", "--json"]) { RedirectStandardOutput = true })!;
        var commands = JsonNode.Parse(await pbm.StandardOutput.ReadToEndAsync())!.AsArray().Select(command => (string)command!["command"]!).ToList();

        var typed = Session.Where(line => line.Kind == '$').SelectMany(line => new[] { line.Text, $"pbm {line.While}" }).ToList();
        Assert.True(commands.Count >= 30, $"only {commands.Count} commands");
        Assert.DoesNotContain(commands, command => !typed.Any(line => $"{line} ".Contains($" {command} ", StringComparison.Ordinal)));
    }

    private static string Compare((SessionLine Line, TranscriptBlock Now, TranscriptBlock Documented) one)
    {
        var (now, documented) = (Lines(one.Now), Lines(one.Documented));
        return now == documented ? "" : $"$ {one.Line.Text}\n--- documented\n{documented}\n--- now\n{now}\n--- in full\n{string.Join('\n', one.Now.Output)}\n";

        string Lines(TranscriptBlock block) => string.Join('\n', block.Masked.Take(one.Line.Compared ?? int.MaxValue));
    }

    private static async Task<string> TranscriptAsync()
    {
        var text = await File.ReadAllTextAsync(Document);
        var start = text.IndexOf(Heading, StringComparison.Ordinal);
        return start < 0 ? "" : text[start..];
    }

    private static void Write(IReadOnlyList<TranscriptBlock> blocks)
    {
        var text = new StringBuilder();
        var index = 0;
        var isOpen = false;
        foreach (var line in Session)
        {
            if (line.Kind == '!')
            {
                // Outside of what is typed and compared.
                text.Append($"```\n\n{(line.Text.StartsWith("kill ", StringComparison.Ordinal) ? $"`kill -9` of {line.Text[5..]}'s process:" : $"{line.Text[6..]} is started:")}\n\n```\n");
                continue;
            }

            if (line.Kind == '#')
            {
                text.Append(isOpen ? "```\n" : "").Append($"\n### {line.Text}\n\n```\n");
                isOpen = true;
                continue;
            }

            var block = blocks[index++];
            text.Append($"$ {block.Command}\n{string.Concat(block.Output.Select(output => output + "\n"))}");
        }

        var document = File.ReadAllText(Document);
        var start = document.IndexOf(Heading, StringComparison.Ordinal);
        var before = start < 0 ? document.TrimEnd('\n') + "\n\n" : document[..start];
        File.WriteAllText(
            Document,
            $"{before}{Heading}\n\nThree nodes, six shards of each kind; typed by `docs/transcript.sh` from `docs/pbm-session.txt`, and again by a test that compares all but times, ids and numbers.\n{text}```\n");
    }
}
