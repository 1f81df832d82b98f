using System.Xml.Linq;
using AkkaScale.Tests.Verdict;
using Xunit;

namespace AkkaScale.Tests.Unit.Verdict;

public sealed class HtmlReportTests
{
    [Fact]
    public void A_clean_run_says_so_and_shows_its_faults()
    {
        var page = Page(new Story()
            .Fault("kill -9", 1_000, 1_000, effect: "21 epochs raised")
            .Fault("cut", 20_000, 24_000, target: "node-2|store", effect: "3 polls failed", bound: 9_000)
            .Write("create", 1_100, 3_100, 1).Row("create", 1)
            .Write("rename", 21_000, 22_000, null, OperationStatus.Timeout));
        Assert.Contains("all invariants hold", page);
        Assert.Contains("21 epochs raised", page);
        Assert.Contains("node-2|store", page);
        Assert.Contains("2.00 s", page); // the longest wait after the first
        Assert.DoesNotContain("what was violated", page);
    }

    [Fact]
    public void A_violation_is_told_as_a_conversation()
    {
        var page = Page(new Story()
            .Row("create", 1).Row("rename", 2)
            .Write("rename", 12_000, 12_010, 2)
            .Read(12_005, 12_030, 2)
            .Read(12_020, 12_040, 1));
        Assert.Contains("I4 Linearizable: what was violated", page);
        Assert.Contains("pear showed version 1 to someone who asked after version 2 was known.", page);
        Assert.Contains("pear answers client 2: ok, version 1", page);
        Assert.Contains("12.020 s", page);
        Assert.Contains("pear 2: happened by command", page);
    }

    [Fact]
    public void Text_of_a_history_is_not_markup()
    {
        var page = Page(new Story().Fault("<script>alert(1)</script>", 1, 2, effect: "a & b").Read(0, 1, 3, entity: "<b>"));
        Assert.DoesNotContain("<script", page);
        Assert.DoesNotContain("<b>:", page);
        Assert.Contains("a &amp; b", page);
    }

    [Fact]
    public void The_page_needs_nothing_but_itself()
    {
        var page = Page(new Story().Fault("kill", 1_000, 2_000).Read(0, 1, 0));
        Assert.DoesNotContain("http", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("url(", page);
        Assert.DoesNotContain("@import", page);
        Assert.Contains("prefers-color-scheme: dark", page);
    }

    [Fact]
    public void Charts_are_well_formed_whatever_the_run()
    {
        foreach (var history in new[] { new Story().End(0), new Story().End(4_000_000), RandomRun.Of(1, 1_000), new Story().Fault("kill", 1, 1).End() with { Samples = [new(1, "node-1", true, 0, 0, 0)] } })
        {
            var page = Page(history);
            var charts = page.Split("<svg").Skip(1).Select(rest => $"<svg{rest[..(rest.IndexOf("</svg>") + 6)]}").ToArray();
            Assert.True(charts.Length >= 4);
            Assert.All(charts, chart => Assert.Equal("svg", XElement.Parse(chart).Name.LocalName));
            Assert.DoesNotContain("NaN", page);
            Assert.DoesNotContain("∞", page);
        }
    }

    [Fact]
    public void A_conversation_marks_who_contradicts_whom()
    {
        var history = new Story().Row("create", 1).Write("create", 0, 10, 1).Write("create", 20, 30, 1, OperationStatus.Refused, code: "task/exists").End();
        var finding = Judge.Of(history).Findings.First(finding => finding.Invariant == Invariant.OnceOnly);
        var lines = Conversation.Of(history, finding);
        Assert.Contains(lines, line => line is { IsOffending: true, Text: "pear answers client 1: refused (task/exists), version 1" });
        Assert.Contains(lines, line => line is { At: null, IsOffending: true } && line.ToString().Contains("pear 1: happened"));
        Assert.Equal(lines.OrderBy(line => line.At ?? long.MaxValue).Select(line => line.Text), lines.Select(line => line.Text));
    }

    private static string Page(Story story) => Page(story.End());

    private static string Page(History history)
    {
        var writer = new StringWriter();
        HtmlReport.Write(writer, history, Judge.Of(history));
        return writer.ToString();
    }
}
