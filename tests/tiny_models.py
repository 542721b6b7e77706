"""Real checkpoints, made in seconds: a byte-level BPE trained on the sample library, and two layers of random weights as
a Llama with a chat template or as a T5, saved as safetensors the way a publisher saves them."""

import warnings
from pathlib import Path

ROOT = Path(__file__).parent.parent
PAD, START, END = "<pad>", "<|im_start|>", "<|im_end|>"
TEMPLATE = (
    "{% for m in messages %}<|im_start|>{{ m['role'] }}\n{{ m['content'] }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
# As some publishers' templates do.
NO_SYSTEM = "{% if messages[0]['role'] == 'system' %}{{ raise_exception('System role not supported') }}{% endif %}"


def tokenizer(*, template=TEMPLATE, context=4096):
    """1500 tokens, learnt from the English and Chinese articles of `corpus/`."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import PreTrainedTokenizerFast

    made = Tokenizer(models.BPE())
    made.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    made.decoder = decoders.ByteLevel()
    texts = [
        p.read_text("utf-8", "replace") for p in sorted((ROOT / "corpus").glob("*/*")) if p.suffix in (".md", ".txt")
    ]
    trainer = trainers.BpeTrainer(
        vocab_size=1500, special_tokens=[PAD, START, END],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False,
    )  # fmt: skip
    made.train_from_iterator(texts, trainer)
    fast = PreTrainedTokenizerFast(
        tokenizer_object=made, pad_token=PAD, eos_token=END, additional_special_tokens=[START], model_max_length=context
    )
    if template:
        fast.chat_template = template
    return fast


def llama(folder, *, template=TEMPLATE, context=4096):
    """A decoder-only checkpoint at `folder`."""
    from transformers import LlamaConfig, LlamaForCausalLM, set_seed

    words = tokenizer(template=template, context=context)
    set_seed(7)
    config = LlamaConfig(
        vocab_size=len(words), hidden_size=64, intermediate_size=128, num_hidden_layers=2, num_attention_heads=4,
        num_key_value_heads=2, max_position_embeddings=context, pad_token_id=0, bos_token_id=1, eos_token_id=2,
        initializer_range=0.2,
    )  # fmt: skip
    LlamaForCausalLM(config).save_pretrained(folder)
    words.save_pretrained(folder)
    return Path(folder)


def t5(folder):
    """An encoder-decoder checkpoint without a chat template at `folder`."""
    from transformers import T5Config, T5ForConditionalGeneration, set_seed

    words = tokenizer(template="")
    set_seed(7)
    config = T5Config(
        vocab_size=len(words), d_model=64, d_kv=16, d_ff=128, num_layers=2, num_heads=4, pad_token_id=0,
        eos_token_id=2, decoder_start_token_id=0, initializer_factor=2.0,
    )  # fmt: skip
    T5ForConditionalGeneration(config).save_pretrained(folder)
    words.save_pretrained(folder)
    return Path(folder)


def lora(base, folder):
    """A LoRA adapter with random weights for the Llama at `base`, at `folder`."""
    import torch
    from peft import LoraConfig, get_peft_model
    from transformers import AutoModelForCausalLM, set_seed

    set_seed(8)
    wanted = LoraConfig(r=4, target_modules=["q_proj", "v_proj", "down_proj"], task_type="CAUSAL_LM")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)  # as in rag/generators/hf_load.py
        model = get_peft_model(AutoModelForCausalLM.from_pretrained(base), wanted)
    with torch.no_grad():
        for name, weight in model.named_parameters():
            if "lora_B" in name:
                weight.normal_(0, 0.5)
    model.save_pretrained(folder)
    return Path(folder)
