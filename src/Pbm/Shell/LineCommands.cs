using RadLine;

namespace AkkaScale.Pbm.Shell;

/// <summary>Ctrl-C at the prompt: the line is dropped, the prompt stays.</summary>
internal sealed class DropLine : LineEditorCommand
{
    public override void Execute(LineEditorContext context) => context.Submit(SubmitAction.Cancel);
}

/// <summary>Ctrl-D: the end on an empty line, else the character under the cursor goes.</summary>
internal sealed class EndOrDelete : LineEditorCommand
{
    public override void Execute(LineEditorContext context)
    {
        if (context.Buffer.Length > 0)
        {
            new DeleteCommand().Execute(context);
            return;
        }

        context.Buffer.Insert(Prompt.End);
        context.Submit(SubmitAction.Submit);
    }
}
