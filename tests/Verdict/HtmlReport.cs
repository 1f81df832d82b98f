using AkkaScale.Tests.Verdict.Report;

namespace AkkaScale.Tests.Verdict;

/// <summary>A history and its judgement as one HTML page that needs nothing but itself: no script, no font, no network.</summary>
public static class HtmlReport
{
    public static void Write(TextWriter writer, History history, Judgement judgement) => new Page(writer, history, judgement).Write();
}
